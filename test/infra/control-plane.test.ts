import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { controlFunctionNames, controlFunctions, controlQueueNames, controlQueues } from '#control-plane/manifest.ts'
import { slot } from '#infra/constructs/names.ts'
import { controlDifferences } from '#infra/template/compare-manifest.ts'
import { factsOfControlManifest } from '#infra/template/control-facts.ts'
import { createResolver } from '#infra/template/resolver.ts'
import { resourcesOf } from '#infra/template/template.ts'
import { domainParameters, sampleControlTemplate as template, vendorParameters } from './control-sample.ts'

const present = (parameters: Readonly<Record<string, string>>, type: string) =>
  createResolver(template, parameters).present([type])

const Statements = z.object({ PolicyDocument: z.object({ Statement: z.array(z.record(z.string(), z.unknown())) }) })

describe('the control plane’s template', () => {
  it('is what the manifest says, in every queue, function, source and schedule', () => {
    expect(controlDifferences(template, vendorParameters)).toEqual([])
    expect(factsOfControlManifest().size).toBeGreaterThan(120)
  })

  it.each([
    ['ProvisionQueue', { VisibilityTimeout: 31 }],
    ['MailDueDeadLetters', { MessageRetentionPeriod: 60 }],
    ['ControlBillingFunction', { Timeout: 7 }],
    ['ControlMailFunction', { Role: { 'Fn::GetAtt': ['EngineRole', 'Arn'] } }],
    ['LicenceDueSource', { BatchSize: 3 }],
    ['LicenceDueSource', { FunctionName: { Ref: 'ControlMailFunction' } }],
    ['TickSweep', { ScheduleExpression: 'rate(2 minutes)' }],
    ['ReconcileSweep', { State: 'DISABLED' }],
  ])('and a change of %s to %j is seen', (logicalId, properties) => {
    const changed = structuredClone(template)
    Object.assign(changed.Resources[logicalId]?.Properties ?? {}, properties)
    expect(controlDifferences(changed, vendorParameters)).not.toEqual([])
    delete changed.Resources[logicalId]
    // A template that cannot even be read differs too: a reference may now lead nowhere.
    expect(() => expect(controlDifferences(changed, vendorParameters)).toEqual([])).toThrow(
      /nothing is named|to deeply equal/,
    )
  })

  it('has no name that stands for two things', () => {
    for (const name of Object.keys(template.Parameters)) expect(template.Resources).not.toHaveProperty(name)
  })

  it('stands alone: no bootstrap, no assets, no look-ups, no place, no imports', () => {
    const text = JSON.stringify(template)
    expect(text).not.toMatch(/cdk-bootstrap|BootstrapVersion|AssetParameters|cdk-hnb659fds|ImportValue/)
    expect(text).not.toMatch(/\d{12}:|us-east-1/)
    for (const [, { Properties }] of resourcesOf(template, 'AWS::Lambda::Function'))
      expect(Properties.Code).toEqual({
        S3Bucket: { Ref: 'ReleaseBucket' },
        S3Key: expect.stringMatching(/^functions\/[0-9a-f]{64}\.zip$/),
      })
  })

  it('keeps its one table when it goes, protected against deletion, with both indexes and back-ups', () => {
    const [[, table] = [], ...more] = present(vendorParameters, 'AWS::DynamoDB::Table')
    expect(more).toEqual([])
    expect(table).toMatchObject({
      DeletionPolicy: 'RetainExceptOnCreate',
      UpdateReplacePolicy: 'Retain',
      Properties: {
        DeletionProtectionEnabled: true,
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        GlobalSecondaryIndexes: [{ IndexName: 'gsi1' }, { IndexName: 'gsi2' }],
      },
    })
  })
})

describe('every queue of the control plane', () => {
  it('waits at least six times as long as the function that reads it lives, which is as long as the manifest says of both', () => {
    for (const name of controlFunctionNames())
      for (const queueName of controlFunctions[name].takes) {
        const { timeoutSeconds, visibilitySeconds } = controlQueues[queueName]
        expect([queueName, timeoutSeconds]).toEqual([queueName, controlFunctions[name].timeoutSeconds])
        expect(visibilitySeconds).toBeGreaterThanOrEqual(6 * timeoutSeconds)
      }
    const taken: readonly string[] = controlFunctionNames().flatMap((name) => [...controlFunctions[name].takes])
    expect(taken.toSorted()).toEqual([...controlQueueNames()].toSorted())
  })

  it('has dead letters, and two alarms that call somebody', () => {
    const alarms = present({ ...vendorParameters, AlarmTopicArn: 'arn:topic' }, 'AWS::CloudWatch::Alarm')
    for (const [, { Properties }] of alarms) expect(Properties.AlarmActions).toEqual(['arn:topic'])
    const watched = JSON.stringify(alarms)
    for (const [logicalId] of resourcesOf(template, 'AWS::SQS::Queue')) {
      const name = createResolver(template, vendorParameters).text({ 'Fn::GetAtt': [logicalId, 'QueueName'] })
      expect(watched).toContain(`"Value":"${name}"`)
    }
    expect(resourcesOf(template, 'AWS::SQS::Queue')).toHaveLength(2 * controlQueueNames().length)
    // Two of each queue, failures of front and sweeps, and the silence of the sweeps.
    expect(alarms).toHaveLength(2 * controlQueueNames().length + 3)
    expect(template.Resources.SweepsAlarmsSilent?.Properties).toMatchObject({
      MetricName: 'Invocations',
      TreatMissingData: 'breaching',
    })
  })

  it('takes nothing without TLS, and from others only what SES and tenants’ stacks of the organisation tell', () => {
    const policies = resourcesOf(template, 'AWS::SQS::QueuePolicy')
    expect(policies).toHaveLength(2 * controlQueueNames().length)
    const allowing = policies.flatMap(([logicalId, { Properties }]) => {
      const { Statement } = Statements.parse(Properties).PolicyDocument
      expect(Statement[0]).toMatchObject({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } })
      return Statement.slice(1).map((statement) => [logicalId, statement])
    })
    const topicArn = { 'Fn::Sub': expect.stringMatching(/:\$\{AWS::StackName\}-mail-events$/) }
    const fromTopic = (resource: string) => ({
      Principal: { Service: 'sns.amazonaws.com' },
      Action: ['sqs:SendMessage'],
      Resource: [{ 'Fn::GetAtt': [resource, 'Arn'] }],
      Condition: { ArnEquals: { 'aws:SourceArn': [topicArn] } },
    })
    expect(allowing).toMatchObject([
      ['MailEventsQueuePolicy', fromTopic('MailEventsQueue')],
      ['MailEventsDeadLettersPolicy', fromTopic('MailEventsDeadLetters')],
      [
        'TenantNoticeQueuePolicy',
        {
          Sid: 'FromTenants',
          Effect: 'Allow',
          Principal: '*',
          Action: ['sqs:SendMessage'],
          Resource: [{ 'Fn::GetAtt': ['TenantNoticeQueue', 'Arn'] }],
          Condition: {
            StringEquals: { 'aws:PrincipalOrgID': { Ref: 'OrganizationId' } },
            ArnLike: { 'aws:PrincipalArn': { 'Fn::Sub': `arn:${slot('AWS::Partition')}:iam::*:role/convoke-*` } },
          },
        },
      ],
    ])
  })
})

describe('the control plane’s own mail', () => {
  it('is told of by SES, for its own configuration set and no other, once the topic takes it', () => {
    const [[, feed] = [], ...more] = resourcesOf(template, 'AWS::SES::ConfigurationSetEventDestination')
    expect(more).toEqual([])
    expect(feed?.Properties).toMatchObject({
      ConfigurationSetName: { Ref: 'ConfigurationSet' },
      EventDestination: {
        Enabled: true,
        MatchingEventTypes: ['send', 'reject', 'delivery', 'bounce', 'complaint', 'deliveryDelay'],
        SnsDestination: { TopicARN: { Ref: 'MailEventsTopic' } },
      },
    })
    expect(feed?.DependsOn).toEqual(['MailEventsTopicPolicy'])
    const [[, policy] = []] = present(vendorParameters, 'AWS::SNS::TopicPolicy')
    expect(Statements.parse(policy?.Properties).PolicyDocument.Statement[1]).toMatchObject({
      Principal: { Service: 'ses.amazonaws.com' },
      Action: ['sns:Publish'],
      Condition: {
        StringEquals: { 'aws:SourceAccount': '123456789012' },
        ArnEquals: { 'aws:SourceArn': expect.stringMatching(/:configuration-set\/convoke-[0-9a-z]+$/) },
      },
    })
  })
})

describe('the front', () => {
  it('answers every path by one function, behind a throttle', () => {
    const methods = resourcesOf(template, 'AWS::ApiGateway::Method')
    expect(methods.map(([, { Properties }]) => Properties.HttpMethod)).toEqual(['ANY', 'ANY'])
    for (const [, { Properties }] of methods) expect(Properties).toMatchObject({ ApiKeyRequired: false })
    for (const parameters of [vendorParameters, domainParameters])
      expect(present(parameters, 'AWS::ApiGateway::Deployment')).toHaveLength(1)
    expect(template.Resources.ApiStage?.Properties.MethodSettings).toEqual([
      { HttpMethod: '*', ResourcePath: '/*', ThrottlingRateLimit: 100, ThrottlingBurstLimit: 200 },
    ])
  })

  it('is to be had at API Gateway’s own address until it has a name of its own', () => {
    const isClosed = (parameters: Readonly<Record<string, string>>) =>
      present(parameters, 'AWS::ApiGateway::RestApi')[0]?.[1].Properties.DisableExecuteApiEndpoint
    expect([isClosed(vendorParameters), isClosed(domainParameters)]).toEqual([false, true])
  })

  it('has a name of its own where one is given, which wants a certificate', () => {
    const types = ['AWS::ApiGateway::DomainName', 'AWS::ApiGateway::BasePathMapping', 'AWS::Route53::RecordSet']
    const counts = (parameters: Readonly<Record<string, string>>) =>
      types.map((type) => present(parameters, type).length)
    expect(counts(vendorParameters)).toEqual([0, 0, 0])
    expect(counts({ ...domainParameters, HostedZoneId: '' })).toEqual([1, 1, 0])
    expect(counts(domainParameters)).toEqual([1, 1, 1])
    expect(JSON.stringify(template.Rules)).toContain('DomainName comes with CertificateArn.')
  })
})

describe('the engine', () => {
  it('has the name that cells trust', () => {
    expect(template.Resources.EngineRole?.Properties).toMatchObject({ RoleName: 'baseline-engine', Path: '/baseline/' })
    const others = resourcesOf(template, 'AWS::IAM::Role').filter(([id]) => id !== 'EngineRole')
    for (const [, { Properties }] of others) expect(Properties).not.toHaveProperty('RoleName')
  })
})
