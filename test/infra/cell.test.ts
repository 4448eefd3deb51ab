import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { slot } from '#infra/constructs/names.ts'
import { nagReport } from '#infra/nag.ts'
import { createResolver } from '#infra/template/resolver.ts'
import { resourcesOf } from '#infra/template/template.ts'
import { parseCellEnvironment } from '#shared/contracts/cell-environment.ts'
import { INLET_PREFIX } from '#shared/contracts/cell-inlet.ts'
import { baselineApp, baselineTemplates, templateIn } from './cell-sample.ts'

const templates = baselineTemplates()
const cell = templateIn(templates, 'baseline-cell')
const account = templateIn(templates, 'baseline-account')
const management = templateIn(templates, 'baseline-management')
const all = [...templates.values()]

describe('cdk-nag over the baseline', () => {
  const report = nagReport(baselineApp())

  it('finds nothing that nobody acknowledged, and every acknowledgement still has its finding and its reason', () => {
    expect(report.unsuppressed).toEqual([])
    expect(report.idle).toEqual([])
    for (const { reason } of report.suppressed) expect(reason).toMatch(/^.{40,}\.$/)
  })
})

describe('the cell', () => {
  it('stands alone: no bootstrap, no assets, no look-ups, no imports', () => {
    for (const template of all)
      expect(JSON.stringify(template)).not.toMatch(/cdk-bootstrap|BootstrapVersion|cdk-hnb659fds|ImportValue|resolve:/)
  })

  it('catches every mail by one scanned rule into the inlet and onto the topic, and makes its set the active one', () => {
    const [[, rule] = []] = resourcesOf(cell, 'AWS::SES::ReceiptRule')
    expect(rule?.Properties).toEqual({
      RuleSetName: { Ref: 'ReceiptSet' },
      Rule: {
        Name: { 'Fn::Sub': `${slot('AWS::StackName')}-mail` },
        Enabled: true,
        ScanEnabled: true,
        TlsPolicy: 'Optional',
        Actions: [
          {
            S3Action: {
              BucketName: { Ref: 'Inlet' },
              ObjectKeyPrefix: INLET_PREFIX,
              TopicArn: { Ref: 'MailReceived' },
            },
          },
        ],
      },
    })
    expect(rule).toMatchObject({ DependsOn: expect.arrayContaining(['InletPolicy', 'MailReceivedPolicy']) })
    const [[, active] = []] = resourcesOf(cell, 'Custom::ActiveReceiptRuleSet')
    expect(active?.Properties).toEqual({
      ServiceToken: { 'Fn::GetAtt': ['Activator', 'Arn'] },
      RuleSetName: { Ref: 'ReceiptSet' },
    })
  })

  it('lets SES in for its own rule alone, and nobody without TLS', () => {
    for (const id of ['InletPolicy', 'MailReceivedPolicy']) {
      const { Statement } = z
        .object({ PolicyDocument: z.object({ Statement: z.array(z.record(z.string(), z.unknown())) }) })
        .parse(cell.Resources[id]?.Properties).PolicyDocument
      expect(Statement.map(({ Effect, Principal }) => [Effect, Principal])).toEqual([
        ['Deny', '*'],
        ['Allow', { Service: 'ses.amazonaws.com' }],
      ])
      expect(Statement[1]?.Condition).toEqual({
        StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } },
        ArnEquals: {
          'aws:SourceArn': { 'Fn::Sub': expect.stringContaining(`:receipt-rule-set/${slot('AWS::StackName')}-mail:`) },
        },
      })
    }
    expect(cell.Resources.Inlet?.Properties.VersioningConfiguration).toBeUndefined()
    expect(cell.Resources.Inlet?.Properties.LifecycleConfiguration).toMatchObject({
      Rules: expect.arrayContaining([
        expect.objectContaining({ Prefix: 'inlet/', ExpirationInDays: 30 }),
        expect.objectContaining({ Prefix: 'unclaimed/', ExpirationInDays: 30 }),
      ]),
    })
  })

  it('gives its functions the environment of the contract, and code of the release bucket by hash', () => {
    const functions = createResolver(cell, { ReleaseBucket: 'baseline-release' }).present(['AWS::Lambda::Function'])
    expect(functions.map(([id]) => id)).toEqual(['Activator', 'CellRouterFunction', 'CellSweepFunction'])
    for (const [id, { Properties }] of functions) {
      expect(Properties.Code).toEqual({
        S3Bucket: 'baseline-release',
        S3Key: expect.stringMatching(/^functions\/[0-9a-f]{64}\.zip$/),
      })
      const { Variables } = z.object({ Variables: z.record(z.string(), z.string()) }).parse(Properties.Environment)
      if (id === 'Activator') expect(Variables).toEqual({})
      else
        expect(parseCellEnvironment(Variables)).toMatchObject({
          queueUrlPrefix: expect.stringMatching(/^https:\/\/sqs\..+\/123456789012\/convoke-\w+-$/),
        })
    }
  })

  it('receives a record at most five times, six times the router’s time-out apart, and keeps what failed 14 days', () => {
    expect(cell.Resources.CellRouterFunction?.Properties.Timeout).toBe(60)
    expect(cell.Resources.RouterQueue?.Properties).toMatchObject({ VisibilityTimeout: 360, SqsManagedSseEnabled: true })
    expect(cell.Resources.RouterQueue?.Properties.RedrivePolicy).toMatchObject({ maxReceiveCount: 5 })
    expect(cell.Resources.RouterDeadLetters?.Properties).toMatchObject({ MessageRetentionPeriod: 1_209_600 })
    expect(cell.Resources.MailReceivedToRouter?.Properties).toMatchObject({
      RawMessageDelivery: true,
      RedrivePolicy: { deadLetterTargetArn: { 'Fn::GetAtt': ['RouterDeadLetters', 'Arn'] } },
    })
    expect(cell.Resources.RouterSource?.Properties).toMatchObject({
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    })
  })

  it('is watched by an alarm over the sweeps’ metrics and one on their silence, and shown on one page', () => {
    const [[, alarm] = [], [, silence] = [], ...more] = resourcesOf(cell, 'AWS::CloudWatch::Alarm')
    expect(more).toEqual([])
    expect(alarm?.Properties).toMatchObject({ Threshold: 0 })
    // Metric math takes a missing value for 0 beside others that are there: only a metric by itself is ever silent.
    expect(silence?.Properties).toMatchObject({
      MetricName: 'CellUnrouted',
      Statistic: 'SampleCount',
      ComparisonOperator: 'LessThanThreshold',
      Threshold: 1,
      TreatMissingData: 'breaching',
    })
    const watched = JSON.stringify(alarm?.Properties.Metrics)
    for (const name of ['DeadLetters', 'OldestOverdueSeconds', 'CellDeadLetters', 'CellUnrouted'])
      expect(watched).toContain(`"MetricName":"${name}"`)
    const made = resourcesOf(cell, 'AWS::Logs::MetricFilter').map(([id]) => id)
    expect(made).toEqual(['CellDeadLetters', 'CellUnrouted', 'CellOldestSeconds', 'CellWaiting', 'CellUnclaimed'])
    expect(resourcesOf(cell, 'AWS::CloudWatch::Dashboard')).toHaveLength(1)
  })

  it('never changes what tenants’ policies name by ARN: the router’s role and the boundaries', () => {
    const { RouterRole, TenantBoundary, BaselineBoundary } = cell.Resources
    expect([RouterRole?.Properties.Path, RouterRole?.Properties.RoleName]).toEqual(['/baseline/', undefined])
    for (const boundary of [TenantBoundary, BaselineBoundary])
      expect(Object.keys(boundary?.Properties ?? {}).toSorted()).toEqual(['Path', 'PolicyDocument'])
  })

  it('lets a publisher add what is not there, and nothing else', () => {
    const [[, policy] = []] = all
      .flatMap((template) => resourcesOf(template, 'AWS::S3::BucketPolicy'))
      .filter(([, { Properties }]) => JSON.stringify(Properties).includes('PublisherAdds'))
    expect(JSON.stringify(policy?.Properties)).toContain('"Action":["s3:PutObject"],"Resource":')
    expect(JSON.stringify(policy?.Properties)).toContain('"Condition":{"Null":{"s3:if-none-match":"false"}}')
  })

  it('keeps tables and buckets when it goes, except when its creation failed', () => {
    const kept = all.flatMap((template) =>
      ['AWS::DynamoDB::Table', 'AWS::S3::Bucket'].flatMap((type) => resourcesOf(template, type)),
    )
    expect(kept.map(([id]) => id)).toEqual(['Table', 'SendRateTable', 'Inlet', 'Table', 'Bucket'])
    for (const [, { DeletionPolicy, UpdateReplacePolicy }] of kept)
      expect([DeletionPolicy, UpdateReplacePolicy]).toEqual(['RetainExceptOnCreate', 'Retain'])
    expect(cell.Resources.SendRateTable?.Properties).toMatchObject({
      TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
    })
  })

  it('tells what tenants’ stacks are given', () => {
    for (const name of [
      'CellVersion',
      'CellRouterRoleArn',
      'RuleSetActivatorArn',
      'ReleaseBucketName',
      'SendRateTableName',
      'TenantBoundaryArn',
    ])
      expect(cell.Outputs).toHaveProperty(name)
  })
})

describe('an account of one tenant', () => {
  it('has the activator and the roles, and neither mail, tables nor a release bucket', () => {
    expect(Object.values(account.Resources).map(({ Type }) => Type)).toEqual([
      'AWS::Logs::LogGroup',
      'AWS::IAM::ManagedPolicy',
      'AWS::IAM::ManagedPolicy',
      'AWS::IAM::Role',
      'AWS::Lambda::Function',
      'AWS::IAM::Role',
      'AWS::IAM::Role',
    ])
  })

  it('trusts the engine alone: within the organisation, and for a customer by his own secret too', () => {
    const trust = (ExternalId: string) => {
      const given = {
        ExternalId,
        EngineRoleArn: 'arn:aws:iam::222222222222:role/baseline/baseline-engine',
        OrganizationId: 'o-abcdefghij',
      }
      const [, role] =
        createResolver(account, given)
          .present()
          .find(([id]) => id === 'TenantsOperatingRole') ?? []
      return role?.Properties.AssumeRolePolicyDocument
    }
    const organization = { 'aws:PrincipalOrgID': 'o-abcdefghij' }
    const statement = (Condition: object) => ({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { AWS: 'arn:aws:iam::222222222222:role/baseline/baseline-engine' },
          Action: 'sts:AssumeRole',
          Condition,
        },
      ],
    })
    const ours = { StringEquals: organization, Null: { 'sts:ExternalId': 'true' } }
    expect(trust('')).toEqual(statement(ours))
    expect(trust('x'.repeat(32))).toEqual(
      statement({ StringEquals: { ...organization, 'sts:ExternalId': 'x'.repeat(32) } }),
    )
  })

  it('lets nobody who comes with a customer’s secret into an account of ours: he has named it for his own', () => {
    for (const template of [cell, account, management]) {
      const trusts = resourcesOf(template, 'AWS::IAM::Role')
        .map(([, role]) => JSON.stringify(role.Properties.AssumeRolePolicyDocument))
        .filter((trust) => trust.includes('aws:PrincipalOrgID'))
      expect(trusts).toHaveLength(1)
      expect(trusts[0]).toContain('"Null":{"sts:ExternalId":"true"}')
    }
  })
})
