import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { iamList } from '#infra/template/iam-list.ts'
import { createResolver } from '#infra/template/resolver.ts'
import { resourcesOf } from '#infra/template/template.ts'
import { ACCOUNT_BASELINE, accountBaselineOf } from '#shared/contracts/account-baseline.ts'
import { baselineTemplates, templateIn } from './cell-sample.ts'

const templates = baselineTemplates()
const folder = join(import.meta.dirname, '../../control-plane/cloud/aws')

/** The service of IAM by the SDK's client, where the two differ. */
const SERVICES: Readonly<Record<string, string>> = { sesv2: 'ses', 'route-53': 'route53' }

/** The action by which IAM knows a call, where it is not the call's own name. */
const ACTIONS: Readonly<Record<string, string>> = {
  's3:HeadBucket': 's3:ListBucket',
  's3:ListObjectsV2': 's3:ListBucket',
  's3:ListObjectVersions': 's3:ListBucketVersions',
  's3:DeleteObjects': 's3:DeleteObject',
}

/** Calls that want no right: whoever has credentials may make them. */
const FREE = ['sts:GetCallerIdentity', 'sts:AssumeRole']

/** Every call of AWS that the adapters of the cloud make, as actions of IAM. */
function callsOf(isOf: (service: string) => boolean): readonly string[] {
  const calls = readdirSync(folder).flatMap((file) => {
    const text = readFileSync(join(folder, file), 'utf8')
    const imports = [...text.matchAll(/import (?:type )?\{([^}]*)\} from '@aws-sdk\/client-([a-z0-9-]+)'/g)]
    return imports.flatMap(([, names = '', client = '']) => {
      const service = SERVICES[client] ?? client
      return [...names.matchAll(/\b(?:paginate(\w+)|(\w+)Command)\b/g)].map(
        ([, paged, called]) => `${service}:${paged ?? called}`,
      )
    })
  })
  const actions = calls.map((call) => ACTIONS[call] ?? call).filter((call) => !FREE.includes(call))
  return [...new Set(actions)].filter((action) => isOf(action.split(':')[0] ?? '')).toSorted()
}

const rightsOf = (name: string, role: string) =>
  new Set(
    iamList(templateIn(templates, name))
      .filter((right) => right.role === role)
      .map(({ action }) => action),
  )

describe('what the engine asks of AWS', () => {
  const ofPlaces = callsOf((service) => service !== 'organizations')

  it('is read from its adapters', () => {
    expect(ofPlaces.length).toBeGreaterThan(45)
    expect(callsOf((service) => service === 'organizations').length).toBeGreaterThan(7)
  })

  it.each(['baseline-cell', 'baseline-account'])('is allowed to the role that it takes on in %s', (name) => {
    const rights = rightsOf(name, 'TenantsOperatingRole')
    expect(ofPlaces.filter((action) => !rights.has(action))).toEqual([])
  })

  it('is allowed in the management account to the role of that account', () => {
    const rights = rightsOf('baseline-management', 'VendingRole')
    expect(callsOf((service) => service === 'organizations').filter((action) => !rights.has(action))).toEqual([])
  })
})

describe('an account that the engine has made', () => {
  it('bears the names by which the engine knows its baseline before it has looked', () => {
    const account = templateIn(templates, 'baseline-account')
    const given = { EngineRoleArn: 'arn:aws:iam::222222222222:role/baseline/baseline-engine' }
    const present = createResolver(account, given).present()
    const propertiesOf = (logicalId: string) => present.find(([id]) => id === logicalId)?.[1].Properties
    const { path, ...names } = ACCOUNT_BASELINE
    expect(propertiesOf('TenantsOperatingRole')).toMatchObject({ Path: path, RoleName: names.operatingRole })
    expect(propertiesOf('TenantsExecutionRole')).toMatchObject({ Path: path, RoleName: names.executionRole })
    expect(propertiesOf('TenantBoundary')).toMatchObject({ Path: path, ManagedPolicyName: names.tenantBoundary })
    expect(propertiesOf('Activator')).toMatchObject({ FunctionName: names.activator })
    expect(accountBaselineOf({ awsAccountId: '999999999999', region: 'eu-west-1' })).toEqual({
      operatingRoleArn: 'arn:aws:iam::999999999999:role/baseline/baseline-operating',
      executionRoleArn: 'arn:aws:iam::999999999999:role/baseline/baseline-execution',
      tenantBoundaryArn: 'arn:aws:iam::999999999999:policy/baseline/baseline-tenant',
      ruleSetActivatorArn: 'arn:aws:lambda:eu-west-1:999999999999:function:baseline-activate-rule-set',
      cellVersion: '1.0.0',
    })
  })

  it('shares no name with a cell, whose roles are known by its outputs', () => {
    for (const [, { Properties }] of resourcesOf(templateIn(templates, 'baseline-cell'), 'AWS::IAM::Role'))
      expect(Properties).not.toHaveProperty('RoleName')
  })
})

describe('a stack of a tenant', () => {
  it('may be let to tell the control plane how it is, and no other queue there', () => {
    const boundary = createResolver(templateIn(templates, 'baseline-cell'), {
      EngineRoleArn: 'arn:aws:iam::222222222222:role/baseline/baseline-engine',
    })
      .present(['AWS::IAM::ManagedPolicy'])
      .find(([id]) => id === 'TenantBoundary')
    expect(JSON.stringify(boundary)).toContain(
      '"Action":["sqs:SendMessage"],"Resource":["arn:aws:sqs:*:222222222222:*-tenant-notice"]',
    )
  })
})
