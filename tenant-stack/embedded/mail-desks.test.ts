import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { inboundBlobKey, MailReceived } from '#shared/contracts/notices.ts'
import { createTestTenant, type TestTenant } from '#test/harness/tenant/test-tenant.ts'
import { mailDesks } from './mail-desks.ts'

let north: TestTenant
let south: TestTenant
let desks: ReturnType<typeof mailDesks>
beforeAll(async () => {
  north = await createTestTenant({ domainName: 'north.example' })
  south = await createTestTenant({ domainName: 'south.example' })
  const at = new Map([
    ['north.example', north.ctx],
    ['south.example', south.ctx],
  ])
  desks = mailDesks((domainName) => (domainName === 'east.example' ? 'not_open' : at.get(domainName)))
})
afterAll(async () => {
  await north.close()
  await south.close()
})

const mailTo = (...recipients: readonly string[]) => ({
  raw: Buffer.from('Subject: Hello\r\n\r\n'),
  envelopeFrom: 'ana@example.com',
  recipients,
  origin: { remoteAddress: '203.0.113.7', helo: 'helo' },
})

async function received({ platform }: TestTenant) {
  const [message] = await platform.queues.receive('inlet', { max: 1 })
  if (message === undefined) return undefined
  await platform.queues.delete('inlet', message.receiptHandle)
  return MailReceived.parse(JSON.parse(message.body))
}

describe('the one door of several tenants', () => {
  it('takes mail for the mailboxes of each, by the whole domain', async () => {
    expect(await desks.acceptsRecipient('create@north.example')).toBe('accepted')
    expect(await desks.acceptsRecipient('Create@SOUTH.example')).toBe('accepted')
    expect(await desks.acceptsRecipient('nobody@south.example')).toBe('unknown_mailbox')
    for (const address of ['create@east.north.example', 'create@xnorth.example', 'create@west.example', 'create'])
      expect(await desks.acceptsRecipient(address)).toBe('other_domain')
  })

  it('has mail come again for a tenant that is not open', async () => {
    expect(await desks.acceptsRecipient('create@east.example')).toBe('not_now')
    await expect(desks.acceptMail(mailTo('create@east.example'))).rejects.toThrow('closed meanwhile')
  })

  it('makes one mail to several tenants a mail of each, which names its own recipients', async () => {
    const { mailId } = await desks.acceptMail(
      mailTo('create@north.example', 'postmaster@south.example', 'abuse@north.example'),
    )
    const inNorth = await received(north)
    const inSouth = await received(south)
    expect(inNorth?.recipients).toEqual(['create@north.example', 'abuse@north.example'])
    expect(inSouth?.recipients).toEqual(['postmaster@south.example'])
    expect(mailId).toBe(`${inNorth?.mailId}, ${inSouth?.mailId}`)
    for (const [tenant, notice] of [
      [north, inNorth],
      [south, inSouth],
    ] as const)
      expect(await tenant.ctx.blobs.head(inboundBlobKey(notice?.mailId ?? ''))).toBeDefined()
  })

  it('keeps none of a mail that one of its tenants cannot take any more', async () => {
    await expect(desks.acceptMail(mailTo('create@north.example', 'create@east.example'))).rejects.toThrow(
      'closed meanwhile',
    )
    expect(await received(north)).toBeUndefined()
  })
})
