import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { tenantTemplate } from '#infra/synthesise.ts'
import { iamList, iamWildcards } from '#infra/template/iam-list.ts'
import { createResolver } from '#infra/template/resolver.ts'
import { cellParameters } from '#infra/template/sample-parameters.ts'
import { resourcesOf, Template } from '#infra/template/template.ts'
import { sampleRelease } from './sample-release.ts'

const template = tenantTemplate(sampleRelease)

const Allowed = z.object({ Action: z.union([z.string(), z.array(z.string())]), Resource: z.unknown() })

/** IAM, "Quotas": all inline policies of a role together, without white space. */
const INLINE_CHARACTERS_MAX = 10_240

describe('what the roles of a tenant may do', () => {
  it('is the frozen list; `node infra/print-iam.ts` prints the present one', async () => {
    const frozen: unknown = JSON.parse(await readFile(new URL('iam-frozen.json', import.meta.url), 'utf8'))
    expect(iamList(template)).toEqual(frozen)
  })

  it('lets the caretaker read the licence, and nobody write it', () => {
    const rights = iamList(template)
    const onLicence = rights.filter(({ resource }) => /^[^ ]*licence/.test(resource))
    expect(onLicence).toEqual([
      { role: 'CaretakerRole', action: 's3:GetObject', resource: '<Bucket.Arn>/licence/licence.json' },
    ])
    const writes = rights.filter(({ action }) => /^s3:(Put|Delete|\*)/.test(action))
    expect(new Set(writes.map(({ resource }) => resource))).toEqual(
      new Set(['events', 'inbound', 'lists', 'probes', 'tombstones'].map((prefix) => `<Bucket.Arn>/${prefix}/*`)),
    )
  })

  it('lets the caretaker alone tell the control plane, on the one queue that was given, wherever it is', () => {
    const Statements = z.array(z.object({ PolicyDocument: z.object({ Statement: z.array(Allowed) }) }))
    const sendingOf = (parameters: Readonly<Record<string, string>>) =>
      createResolver(template, parameters)
        .present(['AWS::IAM::Role'])
        .flatMap(([role, { Properties }]) =>
          Statements.parse(Properties.Policies)
            .flatMap(({ PolicyDocument }) => PolicyDocument.Statement)
            .filter(({ Action }) => [Action].flat().includes('sqs:SendMessage'))
            .map(({ Resource }) => [role, Resource]),
        )
    const url = 'https://sqs.eu-west-1.amazonaws.com/222222222222/baseline-control-plane-tenant-notice'
    expect(sendingOf({ ...cellParameters, TenantNoticeQueueUrl: url })).toEqual([
      ['CaretakerRole', ['arn:aws:sqs:eu-west-1:222222222222:baseline-control-plane-tenant-notice']],
    ])
    expect(sendingOf(cellParameters)).toEqual([])
  })

  it('takes the URL of a queue of SQS alone', () => {
    const pattern = new RegExp(z.string().parse(template.Parameters.TenantNoticeQueueUrl?.AllowedPattern))
    for (const good of ['', 'https://sqs.eu-west-1.amazonaws.com/222222222222/x-tenant-notice'])
      expect(good).toMatch(pattern)
    for (const bad of [
      'https://sqs.eu-west-1.amazonaws.com/222222222222/*',
      'https://sqs.*.amazonaws.com/222222222222/x',
      'https://sqs.eu-west-1.amazonaws.com.evil.example/222222222222/x',
      'http://sqs.eu-west-1.amazonaws.com/222222222222/x',
    ])
      expect(bad).not.toMatch(pattern)
  })

  it('is never everything, and everything would be seen', () => {
    expect(iamWildcards(template)).toEqual([])
    const policy = (Action: unknown, Resource: unknown) => ({
      Type: 'AWS::IAM::Role',
      Properties: { Policies: [{ PolicyDocument: { Statement: [{ Effect: 'Allow', Action, Resource }] } }] },
    })
    const wide = Template.parse({
      Resources: { A: policy('*', 'x'), B: policy(['s3:GetObject'], ['*']), C: policy('s3:*', 'x') },
    })
    expect(iamWildcards(wide).map(({ role }) => role)).toEqual(['A', 'B'])
  })

  it('fits into the roles: five, with inline policies that IAM takes', () => {
    const Policies = z.array(z.object({ PolicyDocument: z.unknown() }))
    const roles = createResolver(template, cellParameters).present(['AWS::IAM::Role'])
    expect(roles.map(([logicalId]) => logicalId)).toHaveLength(5)
    for (const [, { Properties }] of roles) {
      const characters = JSON.stringify(Policies.parse(Properties.Policies).map((one) => one.PolicyDocument)).length
      expect(characters).toBeLessThan(INLINE_CHARACTERS_MAX)
    }
  })

  it('has a boundary around every role where the account wants one', () => {
    const bounds = (parameters: Readonly<Record<string, string>>) =>
      createResolver(template, parameters)
        .present(['AWS::IAM::Role'])
        .map(([, { Properties }]) => Properties.PermissionsBoundary)
    const arn = 'arn:aws:iam::123456789012:policy/baseline/tenant'
    expect(bounds({ ...cellParameters, TenantBoundaryArn: arn })).toEqual(Array.from({ length: 5 }, () => arn))
    expect(bounds(cellParameters)).toEqual(Array.from({ length: 5 }, () => undefined))
  })

  it('is inline and belongs to AWS services: no managed policy, no user, no other account', () => {
    for (const [, { Properties }] of resourcesOf(template, 'AWS::IAM::Role')) {
      expect(Object.keys(Properties)).toEqual(['AssumeRolePolicyDocument', 'PermissionsBoundary', 'Policies'])
      expect(JSON.stringify(Properties.AssumeRolePolicyDocument)).toMatch(
        /"Service":"(lambda|scheduler)\.amazonaws\.com"/,
      )
    }
    const policyTypes = Object.values(template.Resources).filter(({ Type }) => /^AWS::IAM::(?!Role$)/.test(Type))
    expect(policyTypes).toEqual([])
  })
})
