import { randomBytes } from 'node:crypto'
import PostalMime from 'postal-mime'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readStatistics } from '#tenant-stack/core/calendar-event/read-statistics.ts'
import { inviteAttendee } from '#tenant-stack/core/invitation/invite-attendee.ts'
import { createPages } from '#tenant-stack/pages/app.ts'
import { organizerMail } from '#test/fixtures/organizer-mails.ts'
import { replyShapes } from '#test/fixtures/reply-mails.ts'
import { swept } from '#test/harness/tenant/swept.ts'
import { createTestTenant, type TestTenant } from '#test/harness/tenant/test-tenant.ts'

const ana = 'ana.diaz@example.com'
const bob = 'bob@example.org'
const HOUR_SECONDS = 3600

let tenant: TestTenant
beforeEach(async () => {
  tenant = await createTestTenant()
})
afterEach(() => tenant.close())

/** An event with Bob invited, and the page behind his invite's links. */
async function invited(uid = 'answered@example.com') {
  const eventId = (await tenant.receive(organizerMail({ uid }), { from: ana })).eventIds[0] ?? ''
  await inviteAttendee(tenant.ctx, { eventId, address: bob, channel: 'api' })
  await tenant.drain()
  const mail = await lastTo(bob)
  const [url = ''] = /https:\S+\/answer\/[0-9a-z]+/.exec(mail.text ?? '') ?? []
  const path = new URL(url).pathname
  const pages = createPages(tenant.ctx)
  const press = (answer: string, shown = 0) => pages.request(path, form({ answer, shown: String(shown) }))
  const answers = async () => (await readStatistics(tenant.ctx, eventId)).answers
  const reply = (partstat: 'ACCEPTED' | 'DECLINED', dtstamp: string) =>
    tenant.receive(
      replyShapes.google({
        uid: `${eventId}@events.example.net`,
        replyAddress: mail.from?.address ?? '',
        attendee: bob,
        partstat,
        sequence: 0,
        dtstamp,
        start: '20270305T090000Z',
        end: '20270305T100000Z',
      }),
      { to: mail.from?.address ?? '', from: bob },
    )
  return { eventId, mail, url, path, pages, press, answers, reply }
}

async function lastTo(address: string) {
  const mails = (await tenant.sent()).filter(({ to }) => to === address)
  return PostalMime.parse(mails.at(-1)?.raw ?? '')
}

const form = (fields: Readonly<Record<string, string>>) => ({
  method: 'POST',
  headers: { 'content-type': 'application/x-www-form-urlencoded' },
  body: new URLSearchParams(fields).toString(),
})

const history = async (eventId: string) =>
  (await tenant.ctx.table.query({ pk: `event#${eventId}`, sk: { beginsWith: 'ans#' }, limit: 100 })).items

/** A second mail of the organizer about the same event: another time, another place, or its cancel. */
const changed = (lines: readonly string[], sequence: number, method = 'REQUEST') =>
  tenant.receive(
    organizerMail({ uid: 'answered@example.com', method, lines: [...lines, `SEQUENCE:${sequence}`] }).replace(
      /^Message-ID: .*$/m,
      `Message-ID: <change-${sequence}@example.com>`,
    ),
    { from: ana },
  )
const sameTime = ['DTSTART;TZID=Europe/Madrid:20270305T100000', 'DTEND;TZID=Europe/Madrid:20270305T110000']
const newTime = ['DTSTART;TZID=Europe/Madrid:20270306T100000', 'DTEND;TZID=Europe/Madrid:20270306T110000']

describe('the links of an invite', () => {
  it('stand in its text and its HTML, one for each answer, and do not tell the address that answers', async () => {
    const { url, mail } = await invited()
    expect(url).toMatch(/^https:\/\/go\.events\.example\.net\/answer\/[0-9a-z]{26}[0-9a-f]{64}$/)
    for (const answer of ['yes', 'no', 'maybe']) {
      expect(mail.text).toContain(`${url}/${answer}\n`)
      expect(mail.html).toContain(`href="${url}/${answer}"`)
    }
    expect(url).not.toContain(mail.from?.address?.slice(2, 28))
  })

  it('are not in the mail that cancels', async () => {
    const { press } = await invited()
    await press('yes')
    await changed(sameTime, 1, 'CANCEL')
    expect((await lastTo(bob)).text).not.toContain('/answer/')
  })

  it('show what is asked and where, with the answer of the link chosen, and change nothing', async () => {
    const { pages, path, answers } = await invited()
    const shown = await pages.request(`${path}/no`)
    expect(shown.status).toBe(200)
    expect(shown.headers.get('content-security-policy')).toContain("default-src 'none'")
    const text = await shown.text()
    expect(text).toContain('10:00 – 11:00 (CET, Europe/Madrid)')
    expect(text).toMatch(/value="no" required checked/)
    expect(text).not.toMatch(/value="yes" required checked/)
    expect((await pages.request(`${path}/yes`, { method: 'HEAD' })).status).toBe(200)
    expect(await answers()).toMatchObject({ none: 1 })
  })

  it('are known to nobody else: 3,000 forged ones, all answered alike', async () => {
    const { pages, path, press, answers } = await invited()
    const id = path.split('/').at(-1) ?? ''
    const bodies = new Set<string>()
    const forgeries = ['x', `${id}0`, id.slice(1), id.toUpperCase(), `${id.slice(0, 26)}${'0'.repeat(64)}`]
    for (let count = 0; count < 3000; count += 1)
      forgeries.push(`${id.slice(0, count % 2 === 0 ? 58 : 26)}${randomBytes(32).toString('hex')}`.slice(0, 90))
    for (const forged of forgeries) {
      const asked = await pages.request(`/answer/${forged}`)
      const pressed = await pages.request(`/answer/${forged}`, form({ answer: 'yes', shown: '0' }))
      expect([asked.status, pressed.status]).toEqual([404, 404])
      bodies.add(await asked.text()).add(await pressed.text())
    }
    expect(bodies.size).toBe(1)
    expect(await answers()).toMatchObject({ none: 1 })
    expect((await press('yes')).status).toBe(200)
  })
})

describe('an answer on the page', () => {
  it('counts once however often the button is pressed, and is kept with where it came from', async () => {
    const { press, answers, eventId } = await invited()
    await Promise.all([press('yes'), press('yes')])
    await press('yes')
    expect(await answers()).toEqual({ accepted: 1, declined: 0, tentative: 0, delegated: 0, none: 0 })
    expect(await history(eventId)).toMatchObject([
      { channel: 'page', partstat: 'ACCEPTED', answeredBy: { address: bob } },
    ])
    expect(await readStatistics(tenant.ctx, eventId)).toMatchObject({ clients: { page: 1 } })
  })

  it('moves the count when he changes his mind, and shows it as chosen', async () => {
    const { press, answers, pages, path } = await invited()
    await press('yes')
    expect(await (await press('maybe')).text()).toContain('Answered: Maybe')
    expect(await answers()).toMatchObject({ accepted: 0, tentative: 1, none: 0 })
    expect(await (await pages.request(path)).text()).toMatch(/value="maybe" required checked/)
  })

  it('and one by mail: the newer of them counts, whichever comes last', async () => {
    const { press, answers, reply } = await invited()
    await press('yes')
    expect(await reply('DECLINED', '20261124T080000Z')).toMatchObject({ kind: 'ignored', reason: 'stale' })
    expect(await answers()).toMatchObject({ accepted: 1, declined: 0 })
    tenant.platform.clock.advance(HOUR_SECONDS)
    await reply('DECLINED', '20261124T093000Z')
    expect(await answers()).toMatchObject({ accepted: 0, declined: 1 })
    await press('yes')
    expect(await answers()).toMatchObject({ accepted: 1, declined: 0 })
  })

  it('to a time that has changed meanwhile is asked again with the new one, and then counts for that', async () => {
    const { press, answers, path, pages } = await invited()
    await press('yes')
    await changed(newTime, 1)
    const late = await press('yes')
    expect(late.status).toBe(409)
    expect(await late.text()).toContain('6 Mar 2027')
    expect(await answers()).toMatchObject({ accepted: 0, none: 1 })
    expect(await (await pages.request(path)).text()).toContain('name="shown" value="1"')
    await press('yes', 1)
    expect(await answers()).toMatchObject({ accepted: 1, none: 0 })
  })

  it('of who was not told of the new time brings him the invite of it', async () => {
    const { press } = await invited()
    await changed(newTime, 1)
    const before = (await tenant.sent()).filter(({ to }) => to === bob).length
    await Promise.all([press('no', 1), press('maybe', 1)])
    await press('yes', 1)
    await tenant.drain()
    const more = async () => (await tenant.sent()).filter(({ to }) => to === bob).length - before
    // The change's own fan-out may be on its way to him in this moment: it has its time.
    expect(await more()).toBe(0)
    await swept(tenant)
    expect(await more()).toBe(1)
    await swept(tenant)
    expect(await more()).toBe(1)
    expect((await lastTo(bob)).subject).toContain('6 Mar 2027')
  })

  it('to a cancelled event is told so', async () => {
    const { press, pages, path, eventId } = await invited()
    await changed(sameTime, 1, 'CANCEL')
    expect(await (await pages.request(`${path}/yes`)).text()).toContain('This event is cancelled')
    expect((await press('yes', 1)).status).toBe(409)
    expect(await history(eventId)).toEqual([])
  })

  it('without a choice, or with one of somebody’s own making, asks again', async () => {
    const { press, pages, path, answers } = await invited()
    for (const request of [
      press('perhaps'),
      press('yes', -1),
      pages.request(path, form({})),
      pages.request(`${path}/yes`, form({})),
    ])
      expect((await request).status).toBe(422)
    expect(await answers()).toMatchObject({ none: 1 })
  })
})
