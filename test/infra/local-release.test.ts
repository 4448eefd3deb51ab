import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import type { Tenant } from '#control-plane/core/tenant/tenant.ts'
import { localRelease } from '#control-plane/embedded/local-release.ts'
import { allParameters, type StackPhase, stackParameters } from '#control-plane/provisioning/steps/stack-parameters.ts'
import { tenantTemplate } from '#infra/synthesise.ts'
import { sampleRelease } from './sample-release.ts'

const template = tenantTemplate(sampleRelease)
const manifest = localRelease()

const tenant: Tenant = {
  tenantId: 'ten_01jd0000000000000000000000',
  licenseeId: 'lcs_1',
  licenceId: 'lic_1',
  domainName: 'events.example.com',
  state: 'provisioning',
  placement: 'dedicated',
  dnsMode: 'delegated',
  region: 'us-east-1',
  resources: {},
  isAbuseHeld: false,
  createdAt: 0,
  version: 1,
}
const Limits = z.looseObject({ AllowedPattern: z.string().optional(), AllowedValues: z.array(z.string()).optional() })

const noticeQueueUrl = 'https://sqs.us-east-1.amazonaws.com/222222222222/baseline-control-plane-tenant-notice'

function given(phase: StackPhase, placement: Tenant['placement'] = 'dedicated') {
  return {
    tenant: { ...tenant, placement },
    site: {
      place: { awsAccountId: '999999999999', region: 'us-east-1', roleArn: 'arn:aws:iam::999999999999:role/x' },
      executionRoleArn: 'arn:aws:iam::999999999999:role/execution',
      tenantBoundaryArn: 'arn:aws:iam::999999999999:policy/baseline/tenant',
      releaseBucket: 'releases',
      cellVersion: '1.0.0',
    },
    facts: {},
    estate: { environment: 'prod' as const, noticeQueueUrl },
    licenceKeys: { k1: 'MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=' },
    phase,
  }
}

describe('the release of one machine', () => {
  it('has the parameters that the engine gives, and no others', () => {
    const names = Object.keys(allParameters(given('whole'))).toSorted()
    expect(Object.keys(manifest.parameters).toSorted()).toEqual(names)
    expect(Object.keys(stackParameters({ ...given('whole'), manifest })).toSorted()).toEqual(names)
  })

  it('has each as the tenant template has it, with the same default or none', () => {
    for (const [name, parameter] of Object.entries(manifest.parameters)) {
      const real = template.Parameters[name]
      expect([name, real?.Type, real?.Default]).toEqual([name, parameter.type, parameter.default])
    }
  })
})

describe('what the engine gives to the tenant template', () => {
  it('is all that the template asks for, and what its patterns and lists of values take', () => {
    for (const phase of ['first', 'whole', 'bare'] as const) {
      const parameters = allParameters(given(phase))
      for (const [name, { Default, ...limits }] of Object.entries(template.Parameters)) {
        const { AllowedPattern = '', AllowedValues } = Limits.parse(limits)
        const value = parameters[name] ?? Default
        expect([name, value]).toEqual([name, expect.stringMatching(AllowedPattern)])
        expect([name, AllowedValues?.includes(String(value)) ?? true]).toEqual([name, true])
      }
    }
  })

  it('names the queue to tell, but not to an account that the queue does not hear', () => {
    const urlOf = (placement: Tenant['placement']) => allParameters(given('first', placement)).TenantNoticeQueueUrl
    expect([urlOf('cell'), urlOf('dedicated'), urlOf('customer')]).toEqual([noticeQueueUrl, noticeQueueUrl, ''])
  })
})
