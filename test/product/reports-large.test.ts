import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterEach, describe, expect, it } from 'vitest'
import * as z from 'zod'
import { getEvent } from '#tenant-stack/core/calendar-event/event-store.ts'
import type { Ctx } from '#tenant-stack/core/context.ts'
import { newInvitation } from '#tenant-stack/core/invitation/invitation.ts'
import { requestReport } from '#tenant-stack/core/report/report.ts'
import { reportCsv } from '#tenant-stack/core/report/report-csv.ts'
import { sendReport } from '#tenant-stack/pipelines/report/send-report.ts'
import { ana, invited } from '#test/harness/tenant/invited.ts'
import { csvOf, fromReports } from '#test/harness/tenant/reported.ts'
import { createTestTenant, type TestTenant } from '#test/harness/tenant/test-tenant.ts'

const ATTENDEES = 100_000

setFlagsFromString('--expose-gc')
const collect = z.function({ input: [], output: z.void() }).implement(runInNewContext('gc'))

let tenant: TestTenant
afterEach(() => tenant.close())

/** A table that says of an event that it has so many attendees, and makes their rows as they are asked for. */
function crowded(ctx: Ctx, count: number, onPage?: (nth: number) => void): Ctx {
  let pages = 0
  const query: Ctx['table']['query'] = async (asked) => {
    if (asked.sk === undefined || !('beginsWith' in asked.sk) || asked.sk.beginsWith !== 'inv#')
      return ctx.table.query(asked)
    pages += 1
    onPage?.(pages)
    const from = Number(asked.cursor ?? 0)
    const to = Math.min(from + asked.limit, count)
    const items = Array.from({ length: to - from }, (_, at) => {
      const nth = String(from + at).padStart(6, '0')
      const address = `person.${nth}@${ctx.sha256(nth).slice(0, 12)}.example.org`
      const row = newInvitation(ctx, { eventId: asked.pk.slice(6), address, name: `Person ${nth}`, channel: 'list' })
      return { pk: asked.pk, sk: `inv#${nth}`, ...row, invitationId: `inv_${nth.padStart(32, '0')}` }
    })
    return { items, ...(to < count ? { cursor: String(to) } : {}) }
  }
  return { ...ctx, table: { ...ctx.table, query } }
}

function heldBytes(): number {
  collect()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

describe(`an event with ${ATTENDEES.toLocaleString('en')} attendees`, () => {
  it('is reported whole, packed, and at no moment held in memory', async () => {
    const held: number[] = []
    tenant = await createTestTenant({
      adjust: (ctx) =>
        crowded(ctx, ATTENDEES, (nth) => {
          if (nth % 50 === 0) held.push(heldBytes())
        }),
    })
    const { eventId } = await invited(tenant)
    await requestReport(tenant.ctx, { eventId, name: 'large' })
    await tenant.drain()
    const [mail, ...more] = await fromReports(tenant)
    if (mail === undefined) throw new Error('no report')
    expect(more).toEqual([])
    const { name, csv } = csvOf(mail)
    expect(name).toBe(`attendees-${eventId}.csv.gz`)
    expect(mail.text).toContain('unpack it first')
    const [, ...records] = Buffer.from(csv).toString().trimEnd().split('\r\n')
    expect(records).toHaveLength(ATTENDEES)
    expect(new Set(records.map((record) => record.split(',')[0])).size).toBe(ATTENDEES)
    expect(records.at(-1)).toMatch(/^person\.099999@[0-9a-f]{12}\.example\.org,Person 099999,none,/)
    expect(held).toHaveLength(4)
    // What grows is the packed file; the rows alone would be 40 MB.
    expect(Math.max(...held) - (held[0] ?? 0)).toBeLessThan(8 * 1024 * 1024)
  }, 60_000)

  it('is told of in words when it fits no mail, and when reading takes longer than the right to send holds', async () => {
    tenant = await createTestTenant()
    const { eventId } = await invited(tenant)
    const ask = async (name: string, ctx: Ctx, limits?: Parameters<typeof sendReport>[2]) => {
      const { reportId } = await requestReport(tenant.ctx, { eventId, name })
      await sendReport(ctx, { reportId, eventId }, limits)
    }
    await ask('large', crowded(tenant.ctx, 20_000), { plainBytesMax: 1000, packedBytesMax: 100_000 })
    await ask(
      'slow',
      crowded(tenant.ctx, ATTENDEES, () => tenant.platform.clock.advance(1)),
    )
    const mails = await fromReports(tenant)
    expect(mails.map(({ rcpt, attachments }) => [rcpt, attachments.length])).toEqual([
      [ana, 0],
      [ana, 0],
    ])
    for (const { text } of mails) {
      expect(text).toContain(`GET https://api.events.example.net/v1/events/${eventId}/report.csv?limit=5000`)
      expect(text).toContain('Invited: 1')
    }
    await tenant.drain()
    expect(await fromReports(tenant)).toHaveLength(2)
  })

  it('begins to be read before it is read whole', async () => {
    tenant = await createTestTenant()
    const { eventId } = await invited(tenant)
    let pages = 0
    const ctx = crowded(tenant.ctx, ATTENDEES, (nth) => {
      pages = nth
    })
    let pieces = 0
    for await (const piece of reportCsv(ctx, await getEvent(ctx, eventId))) {
      pieces += 1
      expect(piece.length).toBeLessThan(200_000)
      if (pieces === 3) break
    }
    expect(pages).toBe(2)
  })
})
