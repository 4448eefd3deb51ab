import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { type ControlFunctionName, controlFunctionNames, controlFunctions } from '#control-plane/manifest.ts'
import { ControlPlaneStack } from '#infra/stacks/control-plane-stack.ts'
import { createApp } from '#infra/synthesise.ts'
import { createResolver } from '#infra/template/resolver.ts'
import { controlPlaneSettings, parseControlEnvironment } from '#shared/contracts/control-environment.ts'
import { cellBundles } from './cell-sample.ts'
import { domainParameters, sampleControlTemplate as template, vendorParameters } from './control-sample.ts'

const WithVariables = z.object({
  FunctionName: z.string(),
  Environment: z.object({ Variables: z.record(z.string(), z.string()) }),
})

function environmentsOf(parameters: Readonly<Record<string, string>>) {
  const functions = createResolver(template, parameters).present(['AWS::Lambda::Function'])
  return new Map(
    functions.map(([, { Properties }]) => {
      const { FunctionName, Environment } = WithVariables.parse(Properties)
      return [FunctionName.replace('convoke-01jd0000000000000000000000-', ''), Environment.Variables]
    }),
  )
}

const environmentOf = (name: ControlFunctionName, parameters = vendorParameters) =>
  environmentsOf(parameters).get(name) ?? {}

function problemsOf(change: Readonly<Record<string, string | undefined>>): readonly string[] {
  try {
    parseControlEnvironment({ ...environmentOf('control-engine'), ...change }, ['licence-key'])
    return []
  } catch (error) {
    return (error instanceof Error ? error.message : '').split('\n')
  }
}

describe('every function of the control plane', () => {
  it('has exactly the variables of the contract and of its own secrets, and the contract reads them', () => {
    expect([...environmentsOf(vendorParameters).keys()].toSorted()).toEqual(controlFunctionNames().toSorted())
    for (const name of controlFunctionNames()) {
      const { secrets } = controlFunctions[name]
      expect(parseControlEnvironment(environmentOf(name), secrets)).toMatchObject({
        queueUrlPrefix: 'https://sqs.us-east-1.amazonaws.com/123456789012/convoke-01jd0000000000000000000000-',
        publicUrl: 'https://apirest.execute-api.us-east-1.amazonaws.com/live',
        vendorName: 'Vendor Inc.',
        licence: { graceDays: 21, priceCents: 99_500 },
        stripe: { isLivemode: false },
        estate: { releaseBuckets: { 'eu-west-1': 'baseline-release-333333333333-eu-west-1' } },
      })
      const { secretArns } = parseControlEnvironment(environmentOf(name), secrets)
      expect(Object.keys(secretArns)).toEqual(secrets)
      expect(JSON.stringify(environmentOf(name)).length).toBeLessThan(4096)
    }
  })

  it('is known by its own name where there is one', () => {
    const { publicUrl } = parseControlEnvironment(environmentOf('control-mail', domainParameters), [])
    expect(publicUrl).toBe('https://control.vendor.example')
  })

  it('finds each secret where the parameter says', () => {
    const { secretArns } = parseControlEnvironment(environmentOf('control-front'), [
      ...controlFunctions['control-front'].secrets,
    ])
    expect(secretArns).toEqual({
      session: vendorParameters.SessionSecretArn,
      'stripe-front': vendorParameters.StripeFrontSecretArn,
      'stripe-webhook': vendorParameters.StripeWebhookSecretArn,
      'handover-key': vendorParameters.HandoverKeySecretArn,
    })
  })

  it('takes every setting of the contract as a parameter with the same default, or asks for it', () => {
    for (const [variable, schema] of Object.entries(controlPlaneSettings)) {
      const words = variable.replace('CONVOKE_CONTROL_', '').toLowerCase().split('_')
      const name = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('')
      const unset = schema.safeParse(undefined)
      expect([name, template.Parameters[name]?.Default]).toEqual([name, unset.success ? String(unset.data) : undefined])
    }
  })
})

describe('a wrong environment', () => {
  it.each([
    [{ CONVOKE_CONTROL_TABLE: undefined }, 'CONVOKE_CONTROL_TABLE'],
    [{ CONVOKE_CONTROL_GRACE_DAYS: '90' }, 'CONVOKE_CONTROL_GRACE_DAYS must be a whole number from 14 to 30'],
    [{ CONVOKE_CONTROL_STRIPE_MODE: 'Live' }, 'CONVOKE_CONTROL_STRIPE_MODE must be test or live'],
    [{ CONVOKE_CONTROL_URL: 'http://control.vendor.example' }, 'CONVOKE_CONTROL_URL must be an https address'],
    [{ CONVOKE_CONTROL_RELEASE_BUCKETS: 'eu-west-1' }, 'CONVOKE_CONTROL_RELEASE_BUCKETS must be region=bucket'],
    [{ CONVOKE_CONTROL_SECRET_LICENCE_KEY: undefined }, 'CONVOKE_CONTROL_SECRET_LICENCE_KEY'],
    [
      { CONVOKE_CONTROL_SECRET_LICENCE_KEY: 'sk_live_x' },
      'CONVOKE_CONTROL_SECRET_LICENCE_KEY must be the ARN of a secret',
    ],
    [{ CONVOKE_CONTROL_SECRET_SESSION: 'arn:x' }, 'CONVOKE_CONTROL_SECRET_SESSION is not a setting of this function'],
    [{ CONVOKE_CONTROL_COLOUR: 'blue' }, 'CONVOKE_CONTROL_COLOUR is not a setting of this function'],
  ])('with %j is refused in one line', (change, line) => {
    expect(problemsOf(change)).toEqual([expect.stringContaining(line)])
  })

  it('is refused with one line for each wrong variable, and repeats no value', () => {
    const lines = problemsOf({ CONVOKE_CONTROL_WEBSITE: 'secret-a', CONVOKE_CONTROL_MAIL_FROM: 'secret-b' })
    expect(lines).toHaveLength(2)
    expect(lines.join('\n')).not.toContain('secret-')
  })
})

describe('a default that no parameter bears', () => {
  it('stops the synthesis: nobody would hear it', () => {
    const defaults = { GraceDays: '20', GracedDays: '20' }
    expect(() => new ControlPlaneStack(createApp(), 'x', { bundles: cellBundles, defaults })).toThrow('GracedDays')
  })
})
