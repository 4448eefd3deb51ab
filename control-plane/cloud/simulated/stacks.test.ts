import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { contractFacts } from '#test/harness/cloud/contract-templates.ts'
import { createTestCloud, type TestCloud } from '#test/harness/cloud/simulated-cloud.ts'
import type { PlaceCloud } from '../cloud.ts'
import type { TemplateFacts } from './template-facts.ts'

const place = { awsAccountId: '111111111111', region: 'eu-central-1' }
const tags = { 'cp:tenant': 'ten_a', 'cp:run': 'run_a' }
const stackName = 'convoke-a'
const templateUrl = 'https://releases/tenant.json'
const given = { TenantId: `ten_${'0'.repeat(26)}`, DomainName: 'events.example.com' }

const plain = contractFacts('plain')
const facts: TemplateFacts = {
  ...plain,
  parameters: {
    ...plain.parameters,
    CertificateArn: { type: 'String', default: '' },
    IdentityIsReady: { type: 'String', default: 'false' },
    DeletionProtection: { type: 'String', default: 'false' },
  },
  resources: {
    ...plain.resources,
    Front: {
      type: 'AWS::Lambda::Function',
      digest: '1',
      fixedDigest: '',
      parameters: ['CertificateArn', 'IdentityIsReady', 'DeletionProtection'],
    },
  },
}

let made: TestCloud
let at: PlaceCloud
beforeEach(async () => {
  made = await createTestCloud({ limits: { stacks: 1 } })
  await made.world.openAccount(place)
  made.publish(templateUrl, facts)
  at = made.cloud.at(place)
})
afterEach(() => made.close())

const pass = (seconds: number) => made.platform.clock.advance(seconds)
const status = async () => (await at.stacks.read(stackName))?.status

async function start(type: 'CREATE' | 'UPDATE', changeSetName: string, more: Readonly<Record<string, string>> = {}) {
  const parameters = { ...given, ...more }
  const clientToken = changeSetName
  await at.stacks.createChangeSet({ stackName, changeSetName, type, templateUrl, parameters, tags, clientToken })
  pass(10)
  await at.stacks.executeChangeSet({ stackName, changeSetName, clientRequestToken: changeSetName })
}

async function create(more: Readonly<Record<string, string>> = {}) {
  await start('CREATE', 'first', more)
  pass(200)
  expect(await status()).toBe('CREATE_COMPLETE')
}

const remove = () => at.stacks.delete({ stackName, clientRequestToken: 'd' })

describe('a stack', () => {
  it('takes its time, and is not done before its host is', async () => {
    made.hosts.hold(true)
    await start('CREATE', 'first')
    expect(await status()).toBe('CREATE_IN_PROGRESS')
    pass(3600)
    expect(await status()).toBe('CREATE_IN_PROGRESS')
    made.hosts.hold(false)
    expect(await status()).toBe('CREATE_COMPLETE')
    expect(made.hosts.wanted.get(stackName)).toMatchObject({
      tenantId: given.TenantId,
      domainName: given.DomainName,
      templateVersion: '1.0.0',
      parameters: { ...given, Note: 'first' },
    })
  })

  it('is not updated while its host still has what was', async () => {
    await create()
    made.hosts.hold(true)
    await start('UPDATE', 'second', { Note: 'second' })
    pass(3600)
    expect(await status()).toBe('UPDATE_IN_PROGRESS')
    made.hosts.hold(false)
    expect(await status()).toBe('UPDATE_COMPLETE')
  })

  it('is busy while it changes', async () => {
    await create()
    await start('UPDATE', 'second', { Note: 'second' })
    await expect(start('UPDATE', 'third', { Note: 'third' })).rejects.toMatchObject({ code: 'cloud.conflict' })
    await expect(remove()).rejects.toMatchObject({ code: 'cloud.conflict' })
    await expect(at.stacks.detectDrift(stackName)).rejects.toMatchObject({ code: 'cloud.conflict' })
  })

  it('makes the SES tenant and configuration set of its name, and takes them away with it', async () => {
    await create()
    const arn = (resource: string) => `arn:aws:ses:eu-central-1:111111111111:${resource}`
    expect(await at.sesTenants.associations(stackName)).toEqual([arn(`configuration-set/${stackName}`)])
    await at.emailIdentities.create({ emailIdentity: given.DomainName, configurationSetName: stackName, tags })
    await start('UPDATE', 'second', { IdentityIsReady: 'true' })
    pass(100)
    expect(await status()).toBe('UPDATE_COMPLETE')
    expect(await at.sesTenants.associations(stackName)).toContain(arn(`identity/${given.DomainName}`))
    await expect(at.emailIdentities.delete(given.DomainName)).rejects.toMatchObject({ code: 'cloud.in_use' })
    await start('UPDATE', 'third')
    pass(100)
    await status()
    await at.emailIdentities.delete(given.DomainName)
    await remove()
    pass(100)
    await status()
    expect(await at.sesTenants.read(stackName)).toBeUndefined()
  })

  it('fails an update that says the identity is ready when there is none, and goes back', async () => {
    await create()
    await start('UPDATE', 'second', { IdentityIsReady: 'true' })
    pass(70)
    expect(await status()).toBe('UPDATE_ROLLBACK_IN_PROGRESS')
    pass(40)
    const back = await at.stacks.read(stackName)
    expect(back).toMatchObject({ status: 'UPDATE_ROLLBACK_COMPLETE', parameters: { IdentityIsReady: 'false' } })
    const { events } = (await at.stacks.events({ stackName })) ?? {}
    expect(events?.map(({ reason = '' }) => reason).join()).toContain('does not exist')
  })

  it('serves only an issued certificate, which cannot be deleted meanwhile', async () => {
    await create()
    const asked = { domainName: `*.${given.DomainName}`, idempotencyToken: 't', tags }
    const { certificateArn } = await at.certificates.request(asked)
    await start('UPDATE', 'early', { CertificateArn: certificateArn })
    pass(70)
    await status()
    pass(40)
    expect(await status()).toBe('UPDATE_ROLLBACK_COMPLETE')
    const { validationRecord } = (await at.certificates.describe(certificateArn)) ?? {}
    made.records.put(validationRecord?.name ?? '', 'CNAME', validationRecord?.value ?? '')
    await at.certificates.describe(certificateArn)
    pass(100)
    expect((await at.certificates.describe(certificateArn))?.status).toBe('ISSUED')
    await start('UPDATE', 'right', { CertificateArn: certificateArn })
    pass(70)
    expect(await status()).toBe('UPDATE_COMPLETE')
    await expect(at.certificates.delete(certificateArn)).rejects.toMatchObject({ code: 'cloud.in_use' })
    await start('UPDATE', 'without')
    pass(70)
    await at.certificates.delete(certificateArn)
  })

  it('whose way back fails too waits until it is continued', async () => {
    await create()
    made.hosts.failWith(stackName, 'no room')
    await start('UPDATE', 'second', { Note: 'second' })
    pass(70)
    expect(await status()).toBe('UPDATE_ROLLBACK_IN_PROGRESS')
    pass(40)
    expect(await status()).toBe('UPDATE_ROLLBACK_FAILED')
    await expect(start('UPDATE', 'third', { Note: 'third' })).rejects.toMatchObject({ code: 'cloud.invalid' })
    made.hosts.failWith(stackName, undefined)
    await at.stacks.continueUpdateRollback({ stackName, clientRequestToken: 'c' })
    await at.stacks.continueUpdateRollback({ stackName, clientRequestToken: 'c' })
    pass(40)
    expect(await at.stacks.read(stackName)).toMatchObject({
      status: 'UPDATE_ROLLBACK_COMPLETE',
      parameters: { Note: 'first' },
    })
  })

  it('that cannot be deleted is deleted leaving what it must', async () => {
    await create()
    const retain = () => at.stacks.delete({ stackName, clientRequestToken: 'r', retainResources: ['Bucket'] })
    await expect(retain()).rejects.toMatchObject({ code: 'cloud.invalid' })
    made.hosts.failWith(stackName, 'it does not close')
    await remove()
    pass(100)
    expect(await status()).toBe('DELETE_FAILED')
    await retain()
    pass(100)
    expect(await status()).toBeUndefined()
  })

  it('whose table is protected leaves it protected', async () => {
    await create({ DeletionProtection: 'true' })
    const { TableName = '' } = (await at.stacks.read(stackName))?.outputs ?? {}
    await remove()
    pass(100)
    await status()
    await expect(at.tenantData.deleteTable(TableName)).rejects.toMatchObject({ code: 'cloud.invalid' })
    expect(made.hosts.tenantsWithData()).toEqual([given.TenantId])
    await at.tenantData.unprotectTable(TableName)
    await at.tenantData.deleteTable(TableName)
    expect(made.hosts.tenantsWithData()).toEqual([])
  })

  it('drifts when its host has something else', async () => {
    await create()
    await made.hosts.stackHost.unwant(stackName)
    const { driftDetectionId } = await at.stacks.detectDrift(stackName)
    expect((await at.stacks.driftOf(driftDetectionId))?.detection).toBe('DETECTION_IN_PROGRESS')
    pass(30)
    expect(await at.stacks.driftOf(driftDetectionId)).toMatchObject({ drift: 'DRIFTED', driftedResources: 1 })
  })

  it('is one too many beyond the quota', async () => {
    await create()
    const input = {
      changeSetName: 'c',
      type: 'CREATE',
      templateUrl,
      parameters: given,
      tags,
      clientToken: 'c',
    } as const
    const asked = at.stacks.createChangeSet({ ...input, stackName: 'convoke-b' })
    await expect(asked).rejects.toMatchObject({ code: 'cloud.quota' })
  })

  it('of other tags is changed in everything it holds', async () => {
    await create()
    const input = { changeSetName: 'c', type: 'UPDATE', templateUrl, parameters: given, clientToken: 'c' } as const
    await at.stacks.createChangeSet({ ...input, stackName, tags: { ...tags, 'cp:run': 'run_b' } })
    pass(10)
    const { changes } = (await at.stacks.describeChangeSet({ stackName, changeSetName: 'c' })) ?? {}
    expect(changes?.map(({ action, replacement }) => `${action} ${replacement}`)).toEqual(
      Array.from({ length: 6 }, () => 'Modify False'),
    )
  })
})
