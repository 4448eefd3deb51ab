import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { tenantTemplate } from '#infra/synthesise.ts'
import { baselineRights, boundaryRights } from '#infra/template/baseline-iam.ts'
import { iamList } from '#infra/template/iam-list.ts'
import { resourcesOf, type Template } from '#infra/template/template.ts'
import { baselineTemplates, templateIn } from './cell-sample.ts'
import { sampleRelease } from './sample-release.ts'

const templates = baselineTemplates()
const cell = templateIn(templates, 'baseline-cell')
const account = templateIn(templates, 'baseline-account')
const tenant = tenantTemplate(sampleRelease)

/** IAM, "Quotas", without white space: all inline policies of a role together, and one managed policy. */
const INLINE_CHARACTERS_MAX = 10_240
const MANAGED_CHARACTERS_MAX = 6144

const lines = (template: Template) =>
  baselineRights(template).map(({ role, action, resource }) => `${role} ${action} ${resource}`)
const actionsOf = (template: Template, role: string) =>
  new Set(
    iamList(template)
      .filter((one) => one.role === role)
      .map(({ action }) => action),
  )

describe('what the roles of the baseline may do', () => {
  it('is the frozen list; `node infra/print-baseline-iam.ts` prints the present one', async () => {
    const frozen: unknown = JSON.parse(await readFile(new URL('cell-iam-frozen.json', import.meta.url), 'utf8'))
    expect({ 'baseline-cell': lines(cell), 'baseline-account': lines(account) }).toEqual(frozen)
  })

  it('names everything only where IAM knows no resource, or where it gives nothing', () => {
    const bare = (template: Template) =>
      new Set(
        baselineRights(template)
          .filter(({ action, resource }) => action === '*' || resource.split(' ')[0] === '*')
          .map(({ role, action }) => `${role} ${role === 'BaselineBoundary' ? '' : action}`.trim()),
      )
    const activation = ['ActivatorRole ses:DescribeActiveReceiptRuleSet', 'ActivatorRole ses:SetActiveReceiptRuleSet']
    const receiptRules = ['Create', 'Delete', 'Describe', 'Update'].map(
      (verb) => `TenantsExecutionRole ses:${verb}ReceiptRule`,
    )
    const order = ['SetReceiptRulePosition', 'ReorderReceiptRuleSet'].map(
      (action) => `TenantsExecutionRole ses:${action}`,
    )
    const withoutArn = [
      'lambda:CreateEventSourceMapping',
      'logs:DescribeIndexPolicies',
      'logs:DescribeLogGroups',
      'logs:DescribeResourcePolicies',
      'route53:ListHostedZones',
      'ses:DescribeConfigurationSet',
    ].map((action) => `TenantsExecutionRole ${action}`)
    const ruleSets = ['Create', 'Delete', 'Describe'].map((verb) => `TenantsExecutionRole ses:${verb}ReceiptRuleSet`)
    const engine = [
      'acm:ListCertificates',
      'acm:RequestCertificate',
      'cloudformation:DescribeAccountLimits',
      'cloudformation:DescribeStackDriftDetectionStatus',
      'cloudformation:DescribeStacks',
      'route53:CreateHostedZone',
      'route53:GetAccountLimit',
      'route53:ListHostedZonesByName',
      'ses:GetAccount',
      'ses:ListEmailIdentities',
      'ses:PutAccountDetails',
    ].map((action) => `TenantsOperatingRole ${action}`)
    expect(bare(cell)).toEqual(new Set([...activation, ...withoutArn, ...engine, 'BaselineBoundary']))
    expect(bare(account)).toEqual(
      new Set([...activation, ...withoutArn, ...engine, ...receiptRules, ...ruleSets, ...order, 'BaselineBoundary']),
    )
  })

  it('stays within a boundary, under a path that tenants’ stacks cannot reach, and within IAM’s sizes', () => {
    for (const template of [cell, account]) {
      for (const [, { Properties }] of resourcesOf(template, 'AWS::IAM::Role')) {
        expect(Properties).toMatchObject({ PermissionsBoundary: { Ref: 'BaselineBoundary' }, Path: '/baseline/' })
        const documents = z.array(z.object({ PolicyDocument: z.unknown() })).parse(Properties.Policies)
        expect(JSON.stringify(documents.map((one) => one.PolicyDocument)).length).toBeLessThan(INLINE_CHARACTERS_MAX)
      }
      for (const [, { Properties }] of resourcesOf(template, 'AWS::IAM::ManagedPolicy')) {
        expect(Properties.Path).toBe('/baseline/')
        expect(JSON.stringify(Properties.PolicyDocument).length).toBeLessThan(MANAGED_CHARACTERS_MAX)
      }
    }
  })
})

describe('a router', () => {
  it('has no right over any tenant: what it may leave there his own stack says', () => {
    const resources = iamList(cell)
      .filter(({ role }) => role === 'RouterRole')
      .map(({ resource }) => resource)
    expect(
      resources.filter((resource) => !/^<(Logs|Table|Inlet|RouterQueue|RouterDeadLetters)\.Arn>/.test(resource)),
    ).toEqual([])
    for (const [id, statement] of [
      ['BucketPolicy', 's3:PutObject'],
      ['MailReceivedTopicPolicy', 'sns:Publish'],
    ] as const) {
      const policy = JSON.stringify(tenant.Resources[id])
      expect(policy).toContain(`{"AWS":{"Ref":"CellRouterRoleArn"}},"Action":["${statement}"]`)
    }
  })
})

describe('stamping a tenant', () => {
  it('makes no role without the boundary, and passes roles to two services alone', () => {
    const rights = iamList(cell).filter(({ role }) => role === 'TenantsExecutionRole')
    for (const action of ['iam:CreateRole', 'iam:PutRolePolicy', 'iam:PutRolePermissionsBoundary'])
      expect(rights.filter((one) => one.action === action).map(({ resource }) => resource)).toEqual([
        'arn:<AWS::Partition>:iam::<AWS::AccountId>:role/convoke-* if {"StringEquals":{"iam:PermissionsBoundary":{"Ref":"TenantBoundary"}}}',
      ])
    expect(rights.filter(({ action }) => action === 'iam:PassRole')).toHaveLength(1)
    expect(
      rights.filter(({ action }) => /^iam:(AttachRolePolicy|Create(User|Policy|AccessKey)|\*)/.test(action)),
    ).toEqual([])
  })

  it('may make every type of resource that the tenant template holds', () => {
    const rights = actionsOf(account, 'TenantsExecutionRole')
    const types = new Set(Object.values(tenant.Resources).map(({ Type }) => Type))
    const missing = [...types].filter((type) => {
      const needed = MADE_BY[type]
      return needed === undefined || !rights.has(needed)
    })
    expect(missing).toEqual([])
  })

  it('bounds roles by no less than the tenant template gives them', () => {
    const boundary = new Set(
      boundaryRights(cell)
        .filter(({ role }) => role === 'TenantBoundary')
        .map(({ action }) => action),
    )
    expect([...new Set(iamList(tenant).map(({ action }) => action))].filter((action) => !boundary.has(action))).toEqual(
      [],
    )
  })
})

/** The action by which CloudFormation makes a resource of each type. */
const MADE_BY: Readonly<Record<string, string>> = {
  'AWS::ApiGateway::ApiKey': 'apigateway:POST',
  'AWS::ApiGateway::BasePathMapping': 'apigateway:POST',
  'AWS::ApiGateway::Deployment': 'apigateway:POST',
  'AWS::ApiGateway::DomainName': 'apigateway:POST',
  'AWS::ApiGateway::GatewayResponse': 'apigateway:PUT',
  'AWS::ApiGateway::Method': 'apigateway:PUT',
  'AWS::ApiGateway::Resource': 'apigateway:POST',
  'AWS::ApiGateway::RestApi': 'apigateway:POST',
  'AWS::ApiGateway::Stage': 'apigateway:POST',
  'AWS::ApiGateway::UsagePlan': 'apigateway:POST',
  'AWS::ApiGateway::UsagePlanKey': 'apigateway:POST',
  'AWS::CloudWatch::Alarm': 'cloudwatch:PutMetricAlarm',
  'AWS::CloudWatch::Dashboard': 'cloudwatch:PutDashboard',
  'AWS::DynamoDB::Table': 'dynamodb:CreateTable',
  'AWS::IAM::Role': 'iam:CreateRole',
  'AWS::Lambda::EventSourceMapping': 'lambda:CreateEventSourceMapping',
  'AWS::Lambda::Function': 'lambda:CreateFunction',
  'AWS::Lambda::Permission': 'lambda:AddPermission',
  'AWS::Logs::LogGroup': 'logs:CreateLogGroup',
  'AWS::Logs::MetricFilter': 'logs:PutMetricFilter',
  'AWS::Route53::RecordSet': 'route53:ChangeResourceRecordSets',
  'AWS::S3::Bucket': 's3:CreateBucket',
  'AWS::S3::BucketPolicy': 's3:PutBucketPolicy',
  'AWS::SES::ConfigurationSet': 'ses:CreateConfigurationSet',
  'AWS::SES::ConfigurationSetEventDestination': 'ses:CreateConfigurationSetEventDestination',
  'AWS::SES::ReceiptRule': 'ses:CreateReceiptRule',
  'AWS::SES::ReceiptRuleSet': 'ses:CreateReceiptRuleSet',
  'AWS::SES::Tenant': 'ses:CreateTenant',
  'AWS::SNS::Subscription': 'sns:Subscribe',
  'AWS::SNS::Topic': 'sns:CreateTopic',
  'AWS::SNS::TopicPolicy': 'sns:SetTopicAttributes',
  'AWS::SQS::Queue': 'sqs:CreateQueue',
  'AWS::SQS::QueuePolicy': 'sqs:SetQueueAttributes',
  'AWS::Scheduler::Schedule': 'scheduler:CreateSchedule',
  'Custom::ActiveReceiptRuleSet': 'lambda:InvokeFunction',
}
