import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createTestCloud, type TestCloud } from '#test/harness/cloud/simulated-cloud.ts'
import type { PlaceCloud } from '../cloud.ts'

const place = { awsAccountId: '111111111111', region: 'eu-central-1' }
const tags = { 'cp:tenant': 'ten_a', 'cp:run': 'run_a' }
const HOUR = 3600
const domainName = 'events.example.com'

let made: TestCloud
let at: PlaceCloud
beforeEach(async () => {
  made = await createTestCloud({ limits: { hosted_zones: 2, certificates: 1 } })
  await made.world.openAccount(place)
  at = made.cloud.at(place)
})
afterEach(() => made.close())

const pass = (seconds: number) => made.platform.clock.advance(seconds)

describe('a certificate', () => {
  async function requested() {
    const { certificateArn } = await at.certificates.request({
      domainName: `*.${domainName}`,
      idempotencyToken: 't',
      tags,
    })
    const look = async () => (await at.certificates.describe(certificateArn))?.status
    pass(10)
    const { validationRecord } = (await at.certificates.describe(certificateArn)) ?? {}
    const show = () => made.records.put(validationRecord?.name ?? '', 'CNAME', validationRecord?.value ?? '')
    return { certificateArn, look, show }
  }

  it('is given up after 72 hours without its record, and the record comes too late then', async () => {
    const { look, show } = await requested()
    pass(71 * HOUR)
    expect(await look()).toBe('PENDING_VALIDATION')
    pass(HOUR)
    expect(await look()).toBe('VALIDATION_TIMED_OUT')
    show()
    pass(HOUR)
    expect(await look()).toBe('VALIDATION_TIMED_OUT')
  })

  it('is refused by a CAA record above that names another authority', async () => {
    const { look, show, certificateArn } = await requested()
    made.records.put('example.com', 'CAA', '0 issue "letsencrypt.org"')
    show()
    await look()
    pass(120)
    expect(await look()).toBe('FAILED')
    expect((await at.certificates.describe(certificateArn))?.failureReason).toBe('CAA_ERROR')
  })

  it('is issued under a nearer CAA record that names Amazon', async () => {
    const { look, show } = await requested()
    made.records.put('example.com', 'CAA', '0 issue "letsencrypt.org"')
    made.records.put(domainName, 'CAA', '0 issue "letsencrypt.org"', '0 issue "amazon.com"')
    show()
    expect(await look()).toBe('PENDING_VALIDATION')
    pass(120)
    expect(await look()).toBe('ISSUED')
  })

  it('is another one for the same token after an hour, where the quota allows', async () => {
    await requested()
    pass(HOUR)
    const again = at.certificates.request({ domainName: `*.${domainName}`, idempotencyToken: 't', tags })
    await expect(again).rejects.toMatchObject({ code: 'cloud.quota' })
  })

  it('needs a name and a token that ACM takes', async () => {
    for (const [name, idempotencyToken] of [
      ['example', 't'],
      ['a.*.example.com', 't'],
      [domainName, ''],
      [domainName, 'with-hyphen'],
      [domainName, 'x'.repeat(33)],
    ] as const)
      await expect(at.certificates.request({ domainName: name, idempotencyToken, tags })).rejects.toMatchObject({
        code: 'cloud.invalid',
      })
  })
})

describe('an identity', () => {
  async function created() {
    const { dkimTokens } = await at.emailIdentities.create({ emailIdentity: domainName, tags })
    const names = dkimTokens.map((token) => `${token}._domainkey.${domainName}`)
    const show = () => {
      for (const [index, name] of names.entries())
        made.records.put(name, 'CNAME', `${dkimTokens[index]}.dkim.amazonses.com`)
    }
    const look = async () => (await at.emailIdentities.read(domainName))?.dkim.status
    return { names, show, look }
  }

  it('is given up after 72 hours, and looked at again only when it is asked for', async () => {
    const { show, look } = await created()
    pass(72 * HOUR)
    expect(await look()).toBe('FAILED')
    show()
    pass(HOUR)
    expect(await look()).toBe('FAILED')
    await at.emailIdentities.rearmDkim(domainName)
    expect(await look()).toBe('PENDING')
    pass(120)
    expect(await look()).toBe('SUCCESS')
  })

  it('that loses its records is verified for 72 hours more', async () => {
    const { names, show, look } = await created()
    show()
    pass(120)
    expect(await look()).toBe('SUCCESS')
    made.records.remove(names[0] ?? '', 'CNAME')
    expect(await look()).toBe('TEMPORARY_FAILURE')
    expect((await at.emailIdentities.read(domainName))?.isVerified).toBe(true)
    pass(72 * HOUR)
    expect(await look()).toBe('FAILED')
    expect((await at.emailIdentities.read(domainName))?.isVerified).toBe(false)
  })

  it('tells why it is not verified in the words of SES', async () => {
    const { names, show } = await created()
    const why = async () => (await at.emailIdentities.read(domainName))?.verificationError
    pass(120)
    expect(await why()).toBe('HOST_NOT_FOUND')
    show()
    const first = names[0] ?? ''
    made.records.put(first, 'CNAME', 'other.example.org')
    expect(await why()).toBe('INVALID_VALUE')
    made.records.remove(first, 'CNAME')
    made.records.put(first, 'TXT', 'x')
    expect(await why()).toBe('TYPE_NOT_FOUND')
    made.records.beSilent(true)
    expect(await why()).toBe('DNS_SERVER_ERROR')
  })

  it('has a MAIL FROM domain below its own name alone', async () => {
    await created()
    const asked = at.emailIdentities.setMailFrom({ emailIdentity: domainName, mailFromDomain: `x${domainName}` })
    await expect(asked).rejects.toMatchObject({ code: 'cloud.invalid' })
  })
})

describe('a zone', () => {
  const open = (callerReference: string) => at.hostedZones.create({ callerReference, domainName })

  it('is served as it was until the change is in sync', async () => {
    const { hostedZoneId } = await open('1')
    const record = { name: `go.${domainName}`, type: 'A', ttlSeconds: 60, values: ['192.0.2.1'] } as const
    await at.hostedZones.changeRecords({ hostedZoneId, changes: [{ action: 'UPSERT', record }] })
    const served = async () => (await made.world.servedZones())[0]?.recordSets ?? []
    expect(await served()).not.toContainEqual(record)
    expect(await at.hostedZones.records(hostedZoneId)).toContainEqual(record)
    pass(60)
    expect(await served()).toContainEqual(record)
  })

  it('is listed a moment late', async () => {
    await open('1')
    expect(await at.hostedZones.find(domainName)).toEqual([])
    pass(5)
    expect(await at.hostedZones.find(domainName)).toHaveLength(1)
  })

  it('is one too many beyond the quota', async () => {
    await open('1')
    await open('2')
    await expect(open('3')).rejects.toMatchObject({ code: 'cloud.quota' })
  })

  it('takes no record beside a CNAME, no foreign value and no second one of a name', async () => {
    const { hostedZoneId } = await open('1')
    const values = { A: '192.0.2.1', TXT: '"x"', MX: '10 mail.example.com', CNAME: 'example.org' } as const
    const record = (type: keyof typeof values, value: string = values[type], name = `a.${domainName}`) => ({
      action: 'UPSERT' as const,
      record: { name, type, ttlSeconds: 60, values: [value] },
    })
    for (const changes of [
      [],
      [record('CNAME'), record('A')],
      [record('A', '192.0.2.256')],
      [record('TXT', `"${'x'.repeat(256)}"`)],
      [record('MX', 'mail.example.com')],
      [record('A'), record('A')],
      [record('A', '192.0.2.1', `-.${domainName}`)],
      [record('TXT', `"${'x'.repeat(200)}"`.repeat(161))],
    ])
      await expect(at.hostedZones.changeRecords({ hostedZoneId, changes })).rejects.toMatchObject({
        code: 'cloud.invalid',
      })
  })

  it('needs a name that can be delegated', async () => {
    for (const name of ['example', '-a.example.com', `${'x'.repeat(64)}.example.com`, 'a b.example.com'])
      await expect(at.hostedZones.create({ callerReference: name, domainName: name })).rejects.toMatchObject({
        code: 'cloud.invalid',
      })
  })
})
