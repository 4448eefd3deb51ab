import PostalMime from 'postal-mime'
import type { MailReader } from '#shared/imip/disassembled-mail.ts'
import { getContent } from '#tenant-stack/core/calendar-event/event-store.ts'
import { readStatistics } from '#tenant-stack/core/calendar-event/read-statistics.ts'
import { inviteAttendee } from '#tenant-stack/core/invitation/invite-attendee.ts'
import { createTestTenant, type SentMail, type TestTenant } from '#test/harness/tenant/test-tenant.ts'
import type { RowFixture } from './read-row.ts'
import { eventsOf, showEvent } from './show-event.ts'

type Envelope = RowFixture['expected']['mail']

/** Lets a fixture's mails come in, one a minute, and tells what came of them in the fixture's own words. */
export async function playRow(fixture: RowFixture, reader: MailReader) {
  const { expected } = fixture
  const tenant = await createTestTenant({ reader })
  try {
    const before: unknown[] = []
    for (const [index, mail] of fixture.before.entries()) {
      before.push(await deliver(tenant, mail, expected.before[index] ?? {}))
      if (index === 0) await invite(tenant, expected.invite)
    }
    const sentBefore = (await tenant.sent()).length
    const outcome = await deliver(tenant, fixture.mail, expected.mail)
    const sent = await Promise.all((await tenant.sent()).slice(sentBefore).map(showSent))
    const calendarEvents = await eventsOf(tenant)
    const eventId = calendarEvents[0]?.eventId
    return {
      before,
      outcome,
      sent: sent.toSorted(),
      events: await Promise.all(calendarEvents.map((one) => showEvent(tenant, one))),
      occurs: await occurs(tenant, Object.keys(expected.occurs)),
      answers: eventId === undefined ? undefined : (await readStatistics(tenant.ctx, eventId)).answers,
      history: eventId === undefined ? [] : await history(tenant, eventId),
      invitation: expected.invitation === undefined ? '' : await personalInvitation(tenant),
    }
  } finally {
    await tenant.close()
  }
}

async function deliver(tenant: TestTenant, mail: Uint8Array, envelope: Envelope) {
  tenant.platform.clock.advance(60)
  const [calendarEvent] = await eventsOf(tenant)
  const replyAddress = await replyAddressOf(tenant)
  // A reply names what we minted; the marks are ASCII, so the other bytes stay as they are.
  const raw = Buffer.from(mail)
    .toString('latin1')
    .replaceAll('{{uid}}', calendarEvent?.uid ?? '')
    .replaceAll('{{reply-address}}', replyAddress)
  const { kind, reason, answer } = await tenant.receive(Buffer.from(raw, 'latin1'), {
    from: envelope.from ?? 'ana.diaz@example.com',
    ...(envelope.to === 'reply' ? { to: replyAddress } : {}),
    ...(envelope.authentication === undefined ? {} : { authentication: defined(envelope.authentication) }),
  })
  return { kind, reason, answer }
}

/** Without the keys that are `undefined`, which the types here tell from absent ones. */
function defined<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return JSON.parse(JSON.stringify(value))
}

async function replyAddressOf(tenant: TestTenant): Promise<string> {
  const froms = await Promise.all((await tenant.sent()).map(async ({ raw }) => (await PostalMime.parse(raw)).from))
  return froms.find((from) => from?.address?.startsWith('r-') ?? false)?.address ?? ''
}

async function invite(tenant: TestTenant, addresses: readonly string[]): Promise<void> {
  const eventId = (await eventsOf(tenant)).at(-1)?.eventId ?? ''
  for (const address of addresses) await inviteAttendee(tenant.ctx, { eventId, address, channel: 'api' })
  await tenant.drain()
}

const SUBJECTS: readonly (readonly [string, RegExp])[] = [
  ['created', /^Created: /],
  ['failed', /could not be used|^Could not be used: /i],
  ['confirmation', /^Please confirm/],
  ['forwarded', /^From bob@example\.org: /],
  ['proposal', /^New time proposed: /],
]

async function showSent({ raw, to }: SentMail): Promise<string> {
  const { subject = '' } = await PostalMime.parse(raw)
  const method = /^Content-Type: text\/calendar;.* method=([A-Z]+)/im.exec(raw.toString('latin1'))?.[1]
  const notice = SUBJECTS.find(([, pattern]) => pattern.test(subject))?.[0]
  return `${notice ?? method ?? subject} ${to}`
}

async function occurs(tenant: TestTenant, recurrenceKeys: readonly string[]): Promise<Record<string, boolean>> {
  const calendarEvent = (await eventsOf(tenant)).at(-1)
  if (calendarEvent === undefined || recurrenceKeys.length === 0) return {}
  const { series } = (await getContent(tenant.ctx, calendarEvent.seriesBlobKey)).stored
  const answers = await tenant.ctx.reader.occurs({ series, recurrenceKeys })
  if (answers.kind !== 'done') throw new Error(`occurrences: ${answers.kind}`)
  return Object.fromEntries(recurrenceKeys.map((key, index) => [key, answers.value[index] === true]))
}

async function history(tenant: TestTenant, eventId: string) {
  const { items } = await tenant.ctx.table.query({ pk: `event#${eventId}`, sk: { beginsWith: 'ans#' }, limit: 100 })
  return items.toSorted((a, b) => Number(a.receivedAt) - Number(b.receivedAt))
}

/** The calendar part that a newly invited attendee gets, lines unfolded. */
async function personalInvitation(tenant: TestTenant): Promise<string> {
  await invite(tenant, ['dora@example.org'])
  const { attachments } = await PostalMime.parse((await tenant.sent()).at(-1)?.raw ?? '', {
    attachmentEncoding: 'utf8',
  })
  const part = attachments.find(({ mimeType }) => mimeType === 'text/calendar')
  return (typeof part?.content === 'string' ? part.content : '').replaceAll('\r\n ', '')
}
