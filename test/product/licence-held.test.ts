import { afterEach, describe, expect, it } from 'vitest'
import { createApi } from '#tenant-stack/api/app.ts'
import { createApiKey } from '#tenant-stack/core/api-key/create-key.ts'
import { readStatistics } from '#tenant-stack/core/calendar-event/read-statistics.ts'
import { findDelivery } from '#tenant-stack/core/inbound-mail/inbound-ledger.ts'
import { inviteAttendee } from '#tenant-stack/core/invitation/invite-attendee.ts'
import { createPages } from '#tenant-stack/pages/app.ts'
import { sweepHandlers } from '#tenant-stack/pipelines/sweeps.ts'
import { organizerMail } from '#test/fixtures/organizer-mails.ts'
import { replyShapes } from '#test/fixtures/reply-mails.ts'
import {
  ana,
  bob,
  create,
  createLicensedStack,
  domainName,
  type LicensedStack,
} from '#test/harness/tenant/licensed-stack.ts'
import { mailsOf } from '#test/harness/tenant/life-of-an-event.ts'

const DAY = 24 * 3600

const opened: LicensedStack[] = []
afterEach(async () => {
  for (const stack of opened.splice(0)) await stack.close()
})

async function open() {
  const stack = await createLicensedStack()
  opened.push(stack)
  return stack
}

const changed = (sequence: number, lines: readonly string[] = []) =>
  organizerMail({
    uid: 'first@example.com',
    lines: [`SEQUENCE:${sequence}`, 'DTSTART:20270306T100000Z', 'DTEND:20270306T110000Z', ...lines],
  }).replace('Message-ID: <first', `Message-ID: <${sequence}.first`)

function answer(eventId: string, replyAddress: string): string {
  const time = { start: '20270305T090000Z', end: '20270305T100000Z', dtstamp: '20261124T120000Z' }
  const facts = { uid: `${eventId}@${domainName}`, replyAddress, attendee: bob, sequence: 0, ...time }
  return replyShapes.google({ ...facts, partstat: 'ACCEPTED' })
}

async function api({ ctx }: LicensedStack, path: string, body?: unknown) {
  const { secret } = await createApiKey(ctx, {
    label: 'test',
    scopes: ['events:read', 'invitations:write', 'statistics:read'],
  })
  const response = await createApi(ctx).request(`/v1${path}`, {
    headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json', 'idempotency-key': 'same' },
    ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
  })
  const found: unknown = await response.json()
  return { status: response.status, body: found }
}

describe('a stack whose licence is suspended', () => {
  it('records answers, holds everything else, and sends it once when it is resumed', async () => {
    const stack = await open()
    await stack.issue({})
    const { eventId, replyAddress } = await stack.invited()
    const before = await stack.subjects()
    expect(before).toEqual([`${ana}: Created: A meeting`, `${bob}: Invitation: A meeting`])

    stack.platform.clock.advance(60)
    await stack.issue({ state: 'suspended' })
    await stack.accept(answer(eventId, replyAddress), replyAddress, bob)
    const heldCreate = await stack.accept(organizerMail({ uid: 'second@example.com', subject: 'Another' }))
    const heldUpdate = await stack.accept(changed(1))
    await inviteAttendee(stack.ctx, { eventId, address: 'eve@example.org', channel: 'api' })
    await stack.drain()
    for (let hour = 0; hour < 30; hour += 1) await stack.sweep(3600)
    expect(await stack.subjects()).toEqual(before)
    expect((await readStatistics(stack.ctx, eventId)).answers).toMatchObject({ accepted: 1 })
    for (const mailId of [heldCreate, heldUpdate])
      expect(await findDelivery(stack.ctx, mailId, create)).toMatchObject({ state: 'routed' })

    await stack.issue({})
    for (let turn = 0; turn < 3; turn += 1) await stack.sweep()
    const sent = (await stack.subjects()).slice(before.length)
    expect(sent).toContain(`${ana}: Created: Another`)
    expect(sent.filter((subject) => subject.startsWith(ana)).toSorted()).toEqual([
      `${ana}: Created: Another`,
      `${ana}: Updated: A meeting`,
    ])
    expect(sent.filter((subject) => subject.startsWith(bob))).toEqual([`${bob}: Updated invitation: A meeting`])
    const eves = (await mailsOf(stack.platform)).filter(({ to }) => to === 'eve@example.org')
    // She is told the time as it is now, whichever of invite and change came first.
    expect(eves.at(-1)?.calendar).toContain('20270306T100000Z')
    const total = await stack.subjects()
    for (let turn = 0; turn < 3; turn += 1) await stack.sweep(3600)
    expect(await stack.subjects()).toEqual(total)
  })

  it('sends nothing of what was called off meanwhile but the calling off', async () => {
    const stack = await open()
    await stack.issue({})
    const { eventId } = await stack.invited()
    stack.platform.clock.advance(60)
    await stack.issue({ state: 'suspended' })
    await inviteAttendee(stack.ctx, { eventId, address: 'eve@example.org', channel: 'api' })
    await stack.sweep(3600)
    const before = await stack.subjects()
    await stack.issue({})
    await stack.receive(changed(1, ['STATUS:CANCELLED']).replaceAll('REQUEST', 'CANCEL'), { from: ana })
    for (let turn = 0; turn < 3; turn += 1) await stack.sweep()
    const sent = (await stack.subjects()).slice(before.length)
    expect(sent.filter((subject) => subject.startsWith(bob))).toEqual([`${bob}: Cancelled: A meeting`])
    expect(sent.filter((subject) => subject.includes('Invitation'))).toEqual([])
  })

  it('answers reads, refuses writes as licence.suspended, and keeps no such refusal under an Idempotency-Key', async () => {
    const stack = await open()
    await stack.issue({})
    const { eventId } = await stack.invited()
    stack.platform.clock.advance(60)
    await stack.issue({ state: 'suspended' })
    expect((await api(stack, `/events/${eventId}`)).status).toBe(200)
    expect((await api(stack, `/events/${eventId}/statistics`)).status).toBe(200)
    const path = `/events/${eventId}/invitations`
    expect(await api(stack, path, { email: 'eve@example.org' })).toMatchObject({
      status: 403,
      body: { code: 'licence.suspended' },
    })
    stack.platform.clock.advance(60)
    await stack.issue({ state: 'grace' })
    expect((await api(stack, path, { email: 'eve@example.org' })).status).toBe(202)
  })

  it('keeps what it holds for longer than a row of the send ledger lives', async () => {
    const stack = await open()
    await stack.issue({})
    const { eventId } = await stack.invited()
    await inviteAttendee(stack.ctx, { eventId, address: 'eve@example.org', channel: 'api' })
    stack.platform.clock.advance(60)
    await stack.issue({ isBanned: true })
    await stack.drain()
    await stack.sweep()
    await stack.sweep(70 * DAY)
    expect((await stack.subjects()).filter((subject) => subject.includes('eve@'))).toEqual([])
    await stack.issue({})
    for (let turn = 0; turn < 3; turn += 1) await stack.sweep()
    expect((await stack.subjects()).filter((subject) => subject.includes('eve@'))).toHaveLength(1)
  })

  it('is not said to be behind with its work', async () => {
    const stack = await open()
    await stack.issue({ state: 'suspended' })
    await stack.accept(organizerMail({ uid: 'held@example.com' }))
    await stack.sweep(3600)
    await stack.sweep(3600)
    await sweepHandlers.queues(stack.ctx)
    const watched = stack.platform.log.entries.filter(({ at }) => at === 'queues.watched').at(-1)
    expect(watched).toMatchObject({ oldestOverdueSeconds: 0, deadLetters: 0 })
  })

  it('takes a confirmation, whose link would lapse, and creates the event when it is resumed', async () => {
    const stack = await open()
    await stack.issue({})
    const unproven = { spf: 'FAIL', dkim: 'FAIL', dmarc: 'FAIL', dkimDomains: [] } as const
    await stack.receive(organizerMail({ uid: 'unproven@example.com' }), { from: ana, authentication: unproven })
    const [link] = await mailsOf(stack.platform)
    const path = /\/confirm\/[0-9a-z]{26}/.exec(link?.text ?? '')?.[0] ?? ''
    stack.platform.clock.advance(60)
    await stack.issue({ state: 'suspended' })
    const answered = await createPages(stack.ctx).request(path, { method: 'POST' })
    expect(await answered.text()).toContain('is kept')
    await stack.drain()
    await stack.sweep(2 * DAY)
    expect(await stack.subjects()).toHaveLength(1)
    await stack.issue({})
    await stack.sweep()
    expect((await stack.subjects()).slice(1)).toEqual([`${ana}: Created: A meeting`])
  })
})
