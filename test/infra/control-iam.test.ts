import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { type ControlFunction, controlFunctionNames, controlFunctions } from '#control-plane/manifest.ts'
import { nagReport } from '#infra/nag.ts'
import { ControlPlaneStack } from '#infra/stacks/control-plane-stack.ts'
import { createApp } from '#infra/synthesise.ts'
import { iamList, iamWildcards } from '#infra/template/iam-list.ts'
import { createResolver } from '#infra/template/resolver.ts'
import { resourcesOf } from '#infra/template/template.ts'
import { baselineTemplates, cellBundles, templateIn } from './cell-sample.ts'
import { sampleControlTemplate as template, vendorParameters } from './control-sample.ts'

/** IAM, "Quotas": all inline policies of a role together, without white space. */
const INLINE_CHARACTERS_MAX = 10_240

const rights = iamList(template)
const rolesThat = (action: string) =>
  [...new Set(rights.filter((right) => right.action === action).map(({ role }) => role))].toSorted()

describe('what the roles of the control plane may do', () => {
  it('is the frozen list; `node infra/print-control-iam.ts` prints the present one', async () => {
    const frozen: unknown = JSON.parse(await readFile(new URL('control-iam-frozen.json', import.meta.url), 'utf8'))
    const lines = (list: typeof rights) => list.map(({ role, action, resource }) => `${role} ${action} ${resource}`)
    expect({
      'baseline-control-plane': lines(rights),
      'baseline-management': lines(iamList(templateIn(baselineTemplates(), 'baseline-management'))),
    }).toEqual(frozen)
  })

  it('is never everything, and only the engine’s words reach other accounts', () => {
    expect(iamWildcards(template)).toEqual([])
    expect(rolesThat('sts:AssumeRole')).toEqual(['EngineRole'])
    expect(rights.filter(({ action }) => /^(iam|organizations|route53|acm|cloudformation):/.test(action))).toEqual([])
    expect(rolesThat('ses:SendEmail')).toEqual(['FrontRole', 'MailRole'])
  })

  it('reads of the secrets what the manifest gives each boundary, and nobody changes one', () => {
    const read = rights.filter(({ action }) => action.startsWith('secretsmanager:'))
    expect(new Set(read.map(({ action }) => action))).toEqual(new Set(['secretsmanager:GetSecretValue']))
    expect(read.map(({ role, resource }) => `${role} ${resource}`)).toEqual([
      'BillingRole <StripeBillingSecretArn>',
      'EngineRole <LicenceKeySecretArn>',
      'FrontRole <HandoverKeySecretArn>',
      'FrontRole <SessionSecretArn>',
      'FrontRole <StripeFrontSecretArn>',
      'FrontRole <StripeWebhookSecretArn>',
      'SweepsRole <StripeSweepsSecretArn>',
    ])
    const promised = controlFunctionNames().map((name): ControlFunction => controlFunctions[name])
    expect(read).toHaveLength(promised.flatMap(({ secrets }) => [...secrets]).length)
  })

  it('lets the engine alone sign licences: who faces the internet has a key of hand-overs and no other', () => {
    const readers = (secret: string) =>
      rights.filter(({ resource }) => resource === `<${secret}>`).map(({ role }) => role)
    expect([readers('LicenceKeySecretArn'), readers('HandoverKeySecretArn')]).toEqual([['EngineRole'], ['FrontRole']])
  })

  it('fits into six roles of AWS’s own services, and into what IAM takes', () => {
    const Policies = z.array(z.object({ PolicyDocument: z.unknown() }))
    const roles = createResolver(template, vendorParameters).present(['AWS::IAM::Role'])
    expect(roles).toHaveLength(6)
    for (const [, { Properties }] of roles) {
      const documents = Policies.parse(Properties.Policies).map((one) => one.PolicyDocument)
      expect(JSON.stringify(documents).length).toBeLessThan(INLINE_CHARACTERS_MAX)
      expect(JSON.stringify(Properties.AssumeRolePolicyDocument)).toMatch(
        /"Service":"(lambda|scheduler)\.amazonaws\.com"/,
      )
    }
  })
})

describe('secrets', () => {
  it('are in no environment, no parameter and no output: their ARNs alone are', () => {
    for (const [name, parameter] of Object.entries(template.Parameters).filter(([name]) => name.endsWith('SecretArn')))
      expect([name, parameter.AllowedPattern]).toEqual([name, expect.stringContaining(':secretsmanager:')])
    const text = JSON.stringify(template)
    expect(text).not.toMatch(/NoEcho|resolve:|SecretString|GenerateSecretString|(sk|rk|whsec)_/)
    expect(resourcesOf(template, 'AWS::SecretsManager::Secret')).toEqual([])
    expect(Object.keys(template.Outputs).filter((name) => /secret/i.test(name))).toEqual([])
  })
})

describe('cdk-nag over the control plane', () => {
  const app = createApp()
  new ControlPlaneStack(app, 'baseline-control-plane', { bundles: cellBundles })
  const report = nagReport(app)

  it('finds nothing that nobody acknowledged', () => {
    expect(report.unsuppressed).toEqual([])
  })

  it('has nine acknowledged findings, each with a reason and each still found', () => {
    expect(report.suppressed).toHaveLength(9)
    for (const { reason } of report.suppressed) expect(reason).toMatch(/^.{40,}\.$/)
    expect(report.idle).toEqual([])
  })
})
