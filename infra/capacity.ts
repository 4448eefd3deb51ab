import { createResolver } from './template/resolver.ts'
import { cellParameters } from './template/sample-parameters.ts'
import type { Template } from './template/template.ts'

/** How many of something an account and region allow: as given at first, and as can be had by asking. */
type Quota = {
  readonly name: string
  readonly atFirst: number
  readonly raised: number
  /** What one tenant takes. */
  readonly perTenant: (count: (type: string) => number) => number
  /** What the cell itself takes. */
  readonly ofCell: number
}

/** A cell is never filled: what is being replaced stands beside its successor, and people need room to act. */
const FILL = 0.8

/** Roles of the cell's stack, of the account's baseline and of AWS's own service-linked roles: counted generously. */
const ROLES_OF_CELL = 30

const one = () => 1
const of =
  (...types: readonly string[]) =>
  (count: (type: string) => number) =>
    types.reduce((sum, type) => sum + count(type), 0)

/** Defaults of AWS's service quota pages, to be read again when a cell is opened. The tenant's zone, identity and certificate are made beside its stack. */
const quotas: readonly Quota[] = [
  {
    name: 'API Gateway custom domains',
    atFirst: 120,
    raised: 1000,
    ofCell: 0,
    perTenant: of('AWS::ApiGateway::DomainName'),
  },
  {
    name: 'API Gateway regional REST APIs',
    atFirst: 600,
    raised: 600,
    ofCell: 0,
    perTenant: of('AWS::ApiGateway::RestApi'),
  },
  {
    name: 'API Gateway usage plans',
    atFirst: 300,
    raised: 1000,
    ofCell: 0,
    perTenant: of('AWS::ApiGateway::UsagePlan'),
  },
  { name: 'IAM roles', atFirst: 1000, raised: 5000, ofCell: ROLES_OF_CELL, perTenant: of('AWS::IAM::Role') },
  { name: 'Route 53 zones', atFirst: 500, raised: 2000, ofCell: 0, perTenant: one },
  { name: 'ACM certificates', atFirst: 2500, raised: 5000, ofCell: 0, perTenant: one },
  { name: 'CloudFormation stacks', atFirst: 2000, raised: 4000, ofCell: 10, perTenant: one },
  { name: 'SES identities', atFirst: 10_000, raised: 10_000, ofCell: 0, perTenant: one },
  { name: 'SES tenants', atFirst: 10_000, raised: 10_000, ofCell: 0, perTenant: of('AWS::SES::Tenant') },
  {
    name: 'SES configuration sets',
    atFirst: 10_000,
    raised: 10_000,
    ofCell: 1,
    perTenant: of('AWS::SES::ConfigurationSet'),
  },
  {
    name: 'SES receipt rules of the active set',
    atFirst: 200,
    raised: 200,
    ofCell: 1,
    perTenant: of('AWS::SES::ReceiptRule'),
  },
  { name: 'DynamoDB tables', atFirst: 2500, raised: 10_000, ofCell: 3, perTenant: of('AWS::DynamoDB::Table') },
  { name: 'S3 buckets', atFirst: 10_000, raised: 1_000_000, ofCell: 3, perTenant: of('AWS::S3::Bucket') },
  { name: 'SNS topics', atFirst: 100_000, raised: 100_000, ofCell: 5, perTenant: of('AWS::SNS::Topic') },
  {
    name: 'Scheduler schedules',
    atFirst: 1_000_000,
    raised: 1_000_000,
    ofCell: 5,
    perTenant: of('AWS::Scheduler::Schedule'),
  },
  { name: 'CloudWatch alarms', atFirst: 5000, raised: 50_000, ofCell: 10, perTenant: of('AWS::CloudWatch::Alarm') },
  {
    name: 'CloudWatch log groups',
    atFirst: 1_000_000,
    raised: 1_000_000,
    ofCell: 10,
    perTenant: of('AWS::Logs::LogGroup'),
  },
]

export type Room = {
  readonly quota: string
  readonly perTenant: number
  readonly tenants: number
  readonly tenantsRaised: number
}

/** How many tenants of this template each quota has room for, tightest first; quotas that a tenant in a cell does not touch are left out. */
export function roomsOf(template: Template): readonly Room[] {
  const present = createResolver(template, cellParameters).present()
  const count = (type: string) => present.filter(([, resource]) => resource.Type === type).length
  const room = (limit: number, quota: Quota) =>
    Math.floor(Math.floor((limit - quota.ofCell) / quota.perTenant(count)) * FILL)
  return quotas
    .filter((quota) => quota.perTenant(count) > 0)
    .map((quota) => ({
      quota: quota.name,
      perTenant: quota.perTenant(count),
      tenants: room(quota.atFirst, quota),
      tenantsRaised: room(quota.raised, quota),
    }))
    .toSorted((a, b) => a.tenants - b.tenants)
}

export type Capacity = { readonly tenants: number; readonly boundBy: string }

/** Tenants that a cell holds: the tightest quota decides. Throws for a template without a single counted resource. */
export function capacityOf(template: Template, which: 'atFirst' | 'raised'): Capacity {
  const rooms = roomsOf(template).map(({ quota, tenants, tenantsRaised }) => ({
    boundBy: quota,
    tenants: which === 'raised' ? tenantsRaised : tenants,
  }))
  const [tightest] = rooms.toSorted((a, b) => a.tenants - b.tenants)
  if (tightest === undefined) throw new Error('the template counts against no quota')
  return tightest
}
