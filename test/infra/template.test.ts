import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { tenantTemplate } from '#infra/synthesise.ts'
import { createResolver } from '#infra/template/resolver.ts'
import { cellParameters, dedicatedParameters } from '#infra/template/sample-parameters.ts'
import { resourcesOf } from '#infra/template/template.ts'
import { tenantSettings } from '#shared/contracts/settings.ts'
import { sampleRelease } from './sample-release.ts'

const template = tenantTemplate(sampleRelease)
const text = JSON.stringify(template)
const present = (parameters: Readonly<Record<string, string>>, type: string) =>
  createResolver(template, parameters).present([type])

describe('the tenant template', () => {
  it('is small: at most 500 resources and 200 KB, and no name stands for two things', () => {
    expect(Object.keys(template.Resources).length).toBeLessThanOrEqual(500)
    expect(text.length).toBeLessThanOrEqual(200 * 1024)
    for (const name of Object.keys(template.Parameters)) expect(template.Resources).not.toHaveProperty(name)
  })

  it('stands alone: no bootstrap, no assets, no look-ups, no place, no imports, no secrets', () => {
    expect(text).not.toMatch(
      /cdk-bootstrap|BootstrapVersion|AssetParameters|cdk-hnb659fds|aws:cdk|ImportValue|resolve:(ssm|secretsmanager)/,
    )
    expect(text).not.toMatch(/\d{12}:|us-east-1/)
    for (const [, { Properties }] of resourcesOf(template, 'AWS::Lambda::Function'))
      expect(Properties.Code).toEqual({
        S3Bucket: { Ref: 'ReleaseBucket' },
        S3Key: expect.stringMatching(/^functions\/[0-9a-f]{64}\.zip$/),
      })
  })

  it('waits for nobody’s DNS', () => {
    const waiting = [
      'CertificateManager::Certificate',
      'SES::EmailIdentity',
      'Route53::HostedZone',
      'CloudFormation::WaitCondition',
    ]
    const types = Object.values(template.Resources).map(({ Type }) => Type)
    expect(types.filter((type) => waiting.includes(type.replace('AWS::', '')))).toEqual([])
    expect(types.filter((type) => type.startsWith('Custom::'))).toEqual(['Custom::ActiveReceiptRuleSet'])
  })

  it('keeps table and bucket when it goes, except when its creation failed', () => {
    for (const type of ['AWS::DynamoDB::Table', 'AWS::S3::Bucket'])
      for (const [, { DeletionPolicy, UpdateReplacePolicy }] of resourcesOf(template, type))
        expect([DeletionPolicy, UpdateReplacePolicy]).toEqual(['RetainExceptOnCreate', 'Retain'])
    const protectedBy = (value: string) =>
      present({ ...cellParameters, DeletionProtection: value }, 'AWS::DynamoDB::Table')[0]?.[1].Properties
    expect(protectedBy('false')).toMatchObject({ DeletionProtectionEnabled: false, BillingMode: 'PAY_PER_REQUEST' })
    expect(protectedBy('true')).toMatchObject({ DeletionProtectionEnabled: true })
  })

  it('has a visibility of at least six times the time-out behind every source', () => {
    const number = (properties: Record<string, unknown> | undefined, name: string) =>
      z.number().parse(properties?.[name])
    for (const [logicalId] of resourcesOf(template, 'AWS::Lambda::EventSourceMapping')) {
      const name = logicalId.replace(/Source$/, '')
      const timeout = number(template.Resources[`${name}Function`]?.Properties, 'Timeout')
      expect(number(template.Resources[`${name}Queue`]?.Properties, 'VisibilityTimeout')).toBeGreaterThanOrEqual(
        6 * timeout,
      )
    }
  })

  it('has every queue watched: by the sweep in a cell, by two alarms of its own elsewhere', () => {
    const queues = resourcesOf(template, 'AWS::SQS::Queue').map(([logicalId]) => logicalId)
    const caretaker = JSON.stringify(template.Resources.CaretakerRole)
    for (const logicalId of queues) expect(caretaker).toContain(`{"Fn::GetAtt":["${logicalId}","Arn"]}`)
    expect(present(cellParameters, 'AWS::Logs::MetricFilter')).toHaveLength(2)
    expect(present(cellParameters, 'AWS::CloudWatch::Alarm')).toHaveLength(0)
    const alarms = JSON.stringify(resourcesOf(template, 'AWS::CloudWatch::Alarm'))
    for (const logicalId of queues) expect(alarms).toContain(`{"Fn::GetAtt":["${logicalId}","QueueName"]}`)
    expect(present(dedicatedParameters, 'AWS::CloudWatch::Alarm')).toHaveLength(queues.length)
    expect(present(dedicatedParameters, 'AWS::CloudWatch::Dashboard')).toHaveLength(1)
  })

  it('receives by itself outside a cell, and lets the cell’s router bring mail inside one', () => {
    const own = ['AWS::SES::ReceiptRuleSet', 'AWS::SES::ReceiptRule', 'Custom::ActiveReceiptRuleSet']
    expect(own.map((type) => present(cellParameters, type).length)).toEqual([0, 0, 0])
    expect(own.map((type) => present(dedicatedParameters, type).length)).toEqual([1, 1, 1])
    const allowed = (parameters: Readonly<Record<string, string>>) =>
      JSON.stringify([...present(parameters, 'AWS::S3::BucketPolicy'), ...present(parameters, 'AWS::SNS::TopicPolicy')])
    expect(allowed(cellParameters)).toContain(
      '"MailOfTheCell","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::123456789012:role/cell-router"}',
    )
    expect(allowed(cellParameters)).not.toContain('MailOfSes')
    expect(allowed(dedicatedParameters)).toContain('MailOfSes')
    expect(allowed(dedicatedParameters)).not.toContain('MailOfTheCell')
  })

  it('keeps what its mail meets apart from other tenants’, and takes its identity in once that is there', () => {
    const sesTenant = (parameters: Readonly<Record<string, string>>) =>
      present(parameters, 'AWS::SES::Tenant')[0]?.[1].Properties
    expect(sesTenant(cellParameters)).toMatchObject({
      SuppressionAttributes: { SuppressionScope: 'TENANT', SuppressedReasons: ['BOUNCE', 'COMPLAINT'] },
      ResourceAssociations: [{ ResourceArn: expect.stringContaining(':configuration-set/') }],
    })
    expect(sesTenant({ ...cellParameters, IdentityIsReady: 'true' })?.ResourceAssociations).toEqual([
      { ResourceArn: expect.stringContaining(':configuration-set/') },
      { ResourceArn: expect.stringContaining(':identity/events.example.com') },
    ])
    expect(present(cellParameters, 'AWS::SES::ConfigurationSet')[0]?.[1].Properties).not.toHaveProperty(
      'SuppressionOptions',
    )
  })

  it('has custom domain and records with a certificate only, gateway keys with the throttle only', () => {
    const bare = { ...cellParameters, CertificateArn: '', HostedZoneId: '' }
    const types = ['AWS::ApiGateway::DomainName', 'AWS::ApiGateway::BasePathMapping', 'AWS::Route53::RecordSet']
    expect(types.map((type) => present(bare, type).length)).toEqual([0, 0, 0])
    expect(types.map((type) => present(cellParameters, type).length)).toEqual([1, 1, 3])
    const keyed = (parameters: Readonly<Record<string, string>>) =>
      present(parameters, 'AWS::ApiGateway::Method').filter(([, { Properties }]) => Properties.ApiKeyRequired === true)
    expect([present(cellParameters, 'AWS::ApiGateway::ApiKey').length, keyed(cellParameters).length]).toEqual([0, 0])
    const throttled = { ...cellParameters, GatewayThrottle: 'on' }
    expect(present(throttled, 'AWS::ApiGateway::ApiKey')).toHaveLength(1)
    expect(keyed(throttled).length).toBeGreaterThan(6)
    expect(present(throttled, 'AWS::ApiGateway::Deployment')).toHaveLength(1)
  })

  it('throttles every method', () => {
    const stage = present(cellParameters, 'AWS::ApiGateway::Stage')[0]?.[1].Properties
    expect(stage?.MethodSettings).toEqual([
      { HttpMethod: '*', ResourcePath: '/*', ThrottlingRateLimit: 200, ThrottlingBurstLimit: 400 },
    ])
  })

  it('names its dashboard by region too: dashboards of an account share their names', () => {
    const [dashboard] = present(dedicatedParameters, 'AWS::CloudWatch::Dashboard')
    expect(JSON.stringify(dashboard?.[1].Properties.DashboardName)).toContain('us-east-1')
  })

  it('takes every setting of the contract as a parameter with the same default', () => {
    for (const [variable, schema] of Object.entries(tenantSettings)) {
      // Of the manifest: they follow from how long functions live.
      if (variable === 'CONVOKE_SEND_LEASE_SECONDS' || variable === 'CONVOKE_UNKNOWN_SEND_SECONDS') continue
      const words = variable.replace('CONVOKE_', '').toLowerCase().split('_')
      const name = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('')
      expect(template.Parameters[name]?.Default).toBe(String(schema.parse(undefined)))
    }
  })
})
