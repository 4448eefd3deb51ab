import { createPublicKey, generateKeyPairSync } from 'node:crypto'
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { mockClient } from 'aws-sdk-client-mock'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { controlSecretVariables, type SecretName } from '#shared/contracts/control-environment.ts'
import { readLicenceKeys } from '#shared/licence/licence-keys.ts'
import { openSigningKey } from '#shared/licence/signing-key.ts'
import { controlFunctions } from './manifest.ts'
import { wireBilling, wireEngine, wireFront, wireMail } from './wire-aws.ts'

const secrets = mockClient(SecretsManagerClient)
beforeEach(() => {
  secrets.reset()
})
afterEach(() => {
  secrets.reset()
})

const arnOf = (name: SecretName) => `arn:aws:secretsmanager:eu-west-1:222222222222:secret:convoke/${name}-abcdef`

function environmentOf(name: keyof typeof controlFunctions, change: Readonly<Record<string, string>> = {}) {
  const own = controlFunctions[name].secrets.map((secret) => [controlSecretVariables[secret], arnOf(secret)])
  return {
    AWS_REGION: 'eu-west-1',
    CONVOKE_CONTROL_TABLE: 'control',
    CONVOKE_CONTROL_QUEUE_URL_PREFIX: 'https://sqs.eu-west-1.amazonaws.com/222222222222/control-',
    CONVOKE_CONTROL_URL: 'https://control.vendor.example',
    CONVOKE_CONTROL_CONFIGURATION_SET: 'control',
    CONVOKE_CONTROL_VENDOR_NAME: 'Vendor',
    CONVOKE_CONTROL_VENDOR_EMAIL: 'aws@vendor.example',
    CONVOKE_CONTROL_MAIL_FROM: 'noreply@vendor.example',
    CONVOKE_CONTROL_WEBSITE: 'https://vendor.example',
    CONVOKE_CONTROL_ROOT_PARENT: 'r-abcd',
    CONVOKE_CONTROL_DEDICATED_PARENT: 'ou-abcd-abcdefgh',
    CONVOKE_CONTROL_RELEASE_BUCKETS: 'eu-west-1=bucket-one,us-east-1=bucket-two',
    CONVOKE_CONTROL_MANAGEMENT_ROLE: 'arn:aws:iam::111111111111:role/vending/account-vending',
    ...Object.fromEntries(own),
    ...change,
  }
}

function given(name: SecretName, value: string): void {
  secrets.on(GetSecretValueCommand, { SecretId: arnOf(name) }).resolves({ SecretString: value })
}

const newKey = () => generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
const licenceKey = newKey()
const handOverKey = newKey()

describe('the wire of the control plane on AWS', () => {
  it('reads the secrets of the function, once for all calls of the next minutes', async () => {
    given('stripe-billing', ' rk_test_billing\n')
    const ctxOf = wireBilling(environmentOf('control-billing'))
    const [one, other] = [await ctxOf(), await ctxOf()]
    expect(other).toBe(one)
    expect(one).toMatchObject({
      stripeSettings: { isLivemode: false, webhookSecrets: [] },
      licenceSettings: { graceDays: 21, vendorEmail: 'aws@vendor.example' },
      actor: { type: 'system', id: 'stripe' },
      scope: { kind: 'all' },
    })
    expect(secrets.commandCalls(GetSecretValueCommand)).toHaveLength(1)
  })

  it('tries again at the next call when a secret could not be read', async () => {
    secrets.on(GetSecretValueCommand).rejectsOnce(new Error('not now')).resolves({ SecretString: 'rk_test_billing' })
    const ctxOf = wireBilling(environmentOf('control-billing'))
    await expect(ctxOf()).rejects.toThrow('not now')
    expect(await ctxOf()).toHaveProperty('stripe')
  })

  it.each([
    ['rk_live_billing', 'test', 'not of the mode'],
    ['rk_test_billing', 'live', 'not of the mode'],
    ['  ', 'test', 'the secret stripe-billing is empty'],
  ])('refuses the Stripe key %j in mode %s', async (key, mode, message) => {
    given('stripe-billing', key)
    const ctxOf = wireBilling(environmentOf('control-billing', { CONVOKE_CONTROL_STRIPE_MODE: mode }))
    await expect(ctxOf()).rejects.toThrow(message)
  })

  it('gives the front two webhook secrets while they are rotated, and refuses a short secret of sessions', async () => {
    given('session', 'x'.repeat(32))
    given('stripe-front', 'rk_test_front')
    given('stripe-webhook', 'whsec_new\nwhsec_old')
    given('handover-key', handOverKey)
    const deps = await wireFront(environmentOf('control-front'))()
    const ctx = deps.ctxFor({
      actor: { type: 'vendor', id: 'key_1', role: 'vendor_admin' },
      scope: { kind: 'licensee', licenseeId: 'lcs_1' },
      caller: { requestId: 'req_1' },
    })
    expect(ctx.stripeSettings.webhookSecrets).toEqual(['whsec_new', 'whsec_old'])
    expect([ctx.actor, ctx.scope]).toEqual([
      { type: 'vendor', id: 'key_1', role: 'vendor_admin' },
      { kind: 'licensee', licenseeId: 'lcs_1' },
    ])
    for (const name of ['cloud', 'licenceSigner', 'textSigner']) expect(ctx).not.toHaveProperty(name)
    expect(ctx.handOverSigner.sign('text').kid).not.toBe(openSigningKey(licenceKey).kid)
    expect(deps.places.regions).toEqual(['eu-west-1', 'us-east-1'])
    given('session', 'short')
    await expect(wireFront(environmentOf('control-front'))()).rejects.toThrow('shorter than 32')
  })

  it('gives the engine names of accounts to come, and the buckets of their regions', async () => {
    given('licence-key', licenceKey)
    const { estate, actor, licenceKeys } = await wireEngine(environmentOf('control-engine'))()
    expect(actor).toEqual({ type: 'system', id: 'engine' })
    expect(estate.noticeQueueUrl).toBe('https://sqs.eu-west-1.amazonaws.com/222222222222/control-tenant-notice')
    const [publicKey, ...more] = readLicenceKeys(licenceKeys).values()
    expect([publicKey?.equals(createPublicKey(licenceKey)), more]).toEqual([true, []])
    expect(estate.accountEmailOf('abc')).toBe('aws+abc@vendor.example')
    expect(estate.accountBaseline({ awsAccountId: '999999999999', region: 'us-east-1' })).toMatchObject({
      operatingRoleArn: 'arn:aws:iam::999999999999:role/baseline/baseline-operating',
      releaseBucket: 'bucket-two',
    })
  })

  it('starts in no other function’s environment', () => {
    expect(() => wireMail(environmentOf('control-billing'))).toThrow(
      'CONVOKE_CONTROL_SECRET_STRIPE_BILLING is not a setting of this function',
    )
    expect(() => wireBilling(environmentOf('control-mail'))).toThrow('CONVOKE_CONTROL_SECRET_STRIPE_BILLING')
  })
})
