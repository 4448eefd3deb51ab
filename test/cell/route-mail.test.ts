import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { inletKey, unclaimedKey } from '#shared/contracts/cell-inlet.ts'
import { cellRouteKey } from '#shared/contracts/cell-routes.ts'
import { readInletNotice } from '#tenant-stack/cell/read-inlet-notice.ts'
import { routeMail } from '#tenant-stack/cell/route-mail.ts'
import { SENT, sesMail } from './ses-mail.ts'
import { aroundCell, createTestCell, receiptFor, SES_ID, type TestCell, textOf } from './test-cell.ts'

let cell: TestCell
beforeEach(async () => {
  cell = await createTestCell()
})
afterEach(() => cell.close())

const inInlet = () => textOf(cell.ctx.inlet, inletKey(SES_ID))

describe('a mail for one tenant', () => {
  it('is copied whole, announced with its verdicts, and leaves the inlet', async () => {
    const raw = sesMail('create@events.example.com')
    await cell.receive({ raw })
    expect(await routeMail(cell.ctx, receiptFor(['create@events.example.com']))).toBe('routed')
    expect(await cell.copyOf('ten_a')).toBe(raw)
    expect(cell.noticesOf('ten_a')).toMatchObject([
      {
        mailId: `mail_${SES_ID}`,
        receivedAt: Date.UTC(2026, 10, 25, 10),
        sizeBytes: raw.length,
        envelopeFrom: 'alice@example.edu',
        recipients: ['create@events.example.com'],
        authentication: { dmarc: 'PASS', spam: 'PASS', authorDomain: 'example.edu' },
      },
    ])
    expect(await inInlet()).toBeUndefined()
  })

  it('names each recipient once, in any case, with a tag or a trailing dot, for each of his domains', async () => {
    await cell.receive({ raw: sesMail('create@events.example.com') })
    const recipients = [
      'Create@Events.Example.COM',
      'create@events.example.com',
      'create+x@events.example.com.',
      'r-1@EVENTS.example.net',
    ]
    await routeMail(cell.ctx, receiptFor(recipients))
    expect(cell.noticesOf('ten_a').map((notice) => notice.recipients)).toEqual([
      ['create@events.example.com', 'create+x@events.example.com', 'r-1@events.example.net'],
    ])
  })

  it('is stored when the tenant is suspended too', async () => {
    await cell.receive({ raw: SENT })
    await routeMail(cell.ctx, receiptFor(['r-1@asleep.example.org']))
    expect(await cell.copyOf('ten_c')).toBe(SENT)
    expect(cell.noticesOf('ten_c')).toHaveLength(1)
  })
})

describe('a route that cannot be read', () => {
  it('keeps nobody else from his mail, and has its own tenant tried again', async () => {
    await cell.receive({ raw: SENT })
    await cell.ctx.table.write({ kind: 'put', item: { ...cellRouteKey('events.example.org'), domainName: 7 } })
    const receipt = receiptFor(['create@events.example.com', 'create@events.example.org'])
    await expect(routeMail(cell.ctx, receipt)).rejects.toMatchObject({ code: 'cell.partly_routed' })
    expect(cell.noticesOf('ten_a')).toHaveLength(1)
    expect(await inInlet()).toBe(SENT)
  })
})

describe('a mail for two tenants and nobody', () => {
  const recipients = [
    'create@events.example.com',
    'create@events.example.org',
    'x@evil-events.example.com',
    'x@example.com',
    'not an address',
  ]

  it('shows neither of them the other, nor a name that merely ends like theirs', async () => {
    const raw = sesMail('create@events.example.org')
    await cell.receive({ raw })
    await routeMail(cell.ctx, receiptFor(recipients))
    for (const [tenantId, own, other] of [
      ['ten_a', 'create@events.example.com', 'events.example.org'],
      ['ten_b', 'create@events.example.org', 'events.example.com'],
    ] as const) {
      expect(cell.noticesOf(tenantId).map((notice) => notice.recipients)).toEqual([[own]])
      expect(JSON.stringify(cell.noticesOf(tenantId))).not.toContain(other)
      const copy = (await cell.copyOf(tenantId)) ?? ''
      expect(copy.endsWith(SENT)).toBe(true)
      expect(copy.slice(0, -SENT.length)).not.toMatch(/events\.example|X-SES-RECEIPT|X-SES-DKIM/)
      expect(cell.noticesOf(tenantId)[0]?.sizeBytes).toBe(copy.length)
    }
  })

  it('keeps what was for nobody, with its reasons, and no address in the log', async () => {
    const raw = sesMail('create@events.example.org')
    await cell.receive({ raw })
    await routeMail(cell.ctx, receiptFor(recipients))
    expect(await textOf(cell.ctx.inlet, unclaimedKey(SES_ID))).toBe(raw)
    expect(await inInlet()).toBeUndefined()
    expect(cell.platform.log.entries).toContainEqual(
      expect.objectContaining({ at: 'cell.unclaimed', level: 'warn', no_tenant: 2, not_an_address: 1 }),
    )
    expect(JSON.stringify(cell.platform.log.entries)).not.toContain('@')
    const row = await cell.ctx.table.get({ pk: `inlet#mail_${SES_ID}`, sk: 'mail' })
    expect(row).toMatchObject({
      state: 'routed',
      tenants: ['ten_a', 'ten_b'],
      unclaimed: { no_tenant: 2, not_an_address: 1 },
    })
    expect(JSON.stringify(row)).not.toContain('@')
  })

  it('reaches one when the other cannot be reached, who alone is tried again', async () => {
    await cell.receive({ raw: sesMail('create@events.example.org') })
    let isBroken = true
    const broken = aroundCell(cell.ctx, (verb, act) =>
      isBroken && verb === 'ten_a.put' ? Promise.reject(new Error('NoSuchBucket')) : act(),
    )
    await expect(routeMail(broken, receiptFor(recipients))).rejects.toMatchObject({ code: 'cell.partly_routed' })
    expect([cell.noticesOf('ten_a').length, cell.noticesOf('ten_b').length]).toEqual([0, 1])
    expect(await inInlet()).toBeDefined()
    isBroken = false
    await routeMail(broken, receiptFor(recipients))
    expect([cell.noticesOf('ten_a').length, cell.noticesOf('ten_b').length]).toEqual([1, 1])
    expect(await inInlet()).toBeUndefined()
  })
})

describe('a mail for one tenant and nobody', () => {
  it('does not show the tenant for whom else it was, and is kept', async () => {
    const raw = sesMail('someone@gone.example')
    await cell.receive({ raw })
    await routeMail(cell.ctx, receiptFor(['create@events.example.com', 'someone@gone.example']))
    expect((await cell.copyOf('ten_a'))?.endsWith(SENT)).toBe(true)
    expect(await cell.copyOf('ten_a')).not.toContain('gone.example')
    expect(await textOf(cell.ctx.inlet, unclaimedKey(SES_ID))).toBe(raw)
  })
})

describe('twins', () => {
  const receipt = receiptFor(['create@events.example.com', 'create@events.example.org'])

  it('both end well when they run side by side', async () => {
    await cell.receive({ raw: sesMail('create@events.example.com') })
    await Promise.all([routeMail(cell.ctx, receipt), routeMail(cell.ctx, receipt)])
    expect(await inInlet()).toBeUndefined()
  })

  it.each(['inlet.head', 'table.getMany', 'inlet.get', 'ten_a.put', 'ten_a.copy', 'ten_b.notify', 'inlet.delete'])(
    'the slower one, overtaken before %s, finds all done',
    async (verb) => {
      await cell.receive({ raw: sesMail('create@events.example.com') })
      const asked = verb === 'ten_a.copy' ? receiptFor(['create@events.example.com']) : receipt
      let isOvertaken = false
      const slow = aroundCell(cell.ctx, async (at, act) => {
        if (at === verb && !isOvertaken) {
          isOvertaken = true
          await routeMail(cell.ctx, asked)
        }
        return act()
      })
      await routeMail(slow, asked)
      expect([isOvertaken, await inInlet()]).toEqual([true, undefined])
    },
  )
})

describe('a receipt', () => {
  it('that comes again does nothing more', async () => {
    await cell.receive({ raw: SENT })
    await routeMail(cell.ctx, receiptFor(['create@events.example.com']))
    expect(await routeMail(cell.ctx, receiptFor(['create@events.example.com']))).toBe('already_routed')
    expect(cell.noticesOf('ten_a')).toHaveLength(1)
  })

  it('without its object fails, and so ends among the dead letters', async () => {
    await expect(routeMail(cell.ctx, receiptFor(['create@events.example.com']))).rejects.toMatchObject({
      code: 'cell.object_missing',
    })
    expect(cell.noticesOf('ten_a')).toEqual([])
  })

  it('is told from the tries by which SES tests its way', () => {
    expect(readInletNotice(JSON.stringify(receiptFor(['a@events.example.com'])))?.mail.messageId).toBe(SES_ID)
    expect(readInletNotice(JSON.stringify({ mail: { messageId: 'AMAZON_SES_SETUP_NOTIFICATION' } }))).toBeUndefined()
    expect(readInletNotice('{"notificationType":"AmazonSnsSubscriptionSucceeded","message":"x"}')).toBeUndefined()
    expect(() => readInletNotice('{"notificationType":"Bounce"}')).toThrow('Received')
  })
})
