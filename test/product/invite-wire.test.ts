import { readFile } from 'node:fs/promises'
import ical from 'node-ical'
import PostalMime from 'postal-mime'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { inviteAttendee } from '#tenant-stack/core/invitation/invite-attendee.ts'
import { createTestTenant, type TestTenant } from '#test/harness/tenant/test-tenant.ts'

let tenant: TestTenant
beforeAll(async () => {
  tenant = await createTestTenant()
})
afterAll(async () => tenant.close())

/** What samples/README.md says of each: first instance in UTC, or days. */
const samples = [
  {
    name: 'google-single-timed',
    title: 'Quarterly planning',
    start: '2027-03-09T14:00:00Z',
    end: '2027-03-09T15:00:00Z',
  },
  {
    name: 'google-weekly-recurring',
    title: 'Team breakfast ☕',
    start: '2027-03-17T08:30:00Z',
    end: '2027-03-17T09:00:00Z',
  },
  {
    name: 'outlook-windows-zone',
    title: 'Budget review – München',
    start: '2027-04-14T08:00:00Z',
    end: '2027-04-14T09:30:00Z',
  },
  { name: 'outlook-all-day', title: 'Office closed for stocktaking', start: '2027-05-03', end: '2027-05-04' },
  {
    name: 'outlook-recurring-with-exception',
    title: 'Release check',
    start: '2027-02-01T19:00:00Z',
    end: '2027-02-01T19:30:00Z',
  },
  { name: 'apple-all-day-multi-day', title: 'Design offsite', start: '2027-06-10', end: '2027-06-13' },
  {
    name: 'apple-timed-attachment',
    title: 'Coffee with the board – Q&A',
    start: '2027-02-18T13:30:00Z',
    end: '2027-02-18T14:15:00Z',
  },
  {
    name: 'icloud-timed',
    title: 'Garden party: qui apporte quoi?',
    start: '2027-05-20T16:00:00Z',
    end: '2027-05-20T18:00:00Z',
  },
  { name: 'yahoo-timed', title: 'Portfolio call', start: '2027-01-28T19:00:00Z', end: '2027-01-28T19:30:00Z' },
] as const

/** A part of a raw MIME message, read by the few rules a test needs: head, boundary, children. */
type Part = { readonly type: string; readonly head: string; readonly body: string; readonly parts: readonly Part[] }

function readPart(text: string): Part {
  const split = text.indexOf('\r\n\r\n')
  const head = text.slice(0, split).replaceAll('\r\n ', ' ').replaceAll('\r\n\t', ' ')
  const body = text.slice(split + 4)
  const contentType = /^content-type: *([^\r\n]*)/im.exec(head)?.[1] ?? 'text/plain'
  const boundary = /boundary="?([^";]+)"?/i.exec(contentType)?.[1]
  const pieces = boundary === undefined ? [] : body.split(`--${boundary}`).slice(1, -1)
  return { type: contentType, head, body, parts: pieces.map((piece) => readPart(piece.replace(/^\r\n/, ''))) }
}

const eventOf = (text: string) => Object.values(ical.sync.parseICS(text)).find((item) => item?.type === 'VEVENT')

describe('the personal invite as it leaves', () => {
  for (const sample of samples)
    it(`of ${sample.name} is what the recipe says, and two other parsers read the event back`, async () => {
      const raw = await readFile(new URL(`../../samples/${sample.name}.eml`, import.meta.url))
      const created = await tenant.receive(raw)
      expect(created).toMatchObject({ kind: 'acted', reason: 'created', answer: 'created_mail' })
      const eventId = created.eventIds[0] ?? ''
      await inviteAttendee(tenant.ctx, { eventId, address: 'Bob.Ng@example.org', name: 'Bob Ñg, Jr.', channel: 'api' })
      const before = (await tenant.sent()).length
      await tenant.drain()
      const mails = (await tenant.sent()).slice(before)
      expect(mails.map((mail) => mail.to)).toEqual(['Bob.Ng@example.org'])
      const bytes = mails[0]?.raw ?? Buffer.alloc(0)
      const text = bytes.toString('latin1')
      expect(text).not.toMatch(/[^\r]\n/)
      expect(text.split('\r\n').every((line) => line.length <= 998)).toBe(true)

      const tree = readPart(text)
      expect(tree.type).toMatch(/^multipart\/mixed;/)
      expect(tree.parts.map((part) => part.type.split(';')[0])).toEqual(['multipart/alternative', 'application/ics'])
      const [alternative, attachment] = tree.parts
      expect(alternative?.parts.map((part) => part.type.split(';')[0])).toEqual([
        'text/plain',
        'text/html',
        'text/calendar',
      ])
      const calendarPart = alternative?.parts[2]
      expect(calendarPart?.type).toMatch(/method=REQUEST/)
      expect(calendarPart?.head).not.toMatch(/content-disposition|content-id/i)
      expect(attachment?.head).toMatch(/content-disposition: *attachment; *filename="invite.ics"/i)
      const decode = (part: Part | undefined) => Buffer.from(part?.body ?? '', 'base64').toString()
      expect(decode(calendarPart)).toBe(decode(attachment))
      expect(tree.head).toMatch(/^auto-submitted: auto-generated$/im)
      expect(tree.head).not.toMatch(/^(bcc|cc|reply-to):/im)

      const mail = await PostalMime.parse(bytes)
      expect(mail.to).toEqual([{ address: 'Bob.Ng@example.org', name: 'Bob Ñg, Jr.' }])
      expect(mail.from?.address).toMatch(/^r-[0-9a-z]{26}@events\.example\.net$/)
      expect(mail.subject).toMatch(new RegExp(`^Invitation: ${sample.title.replace(/[?&]/g, '\\$&')} @ `))

      const calendar = decode(calendarPart)
      const unfolded = calendar.replaceAll('\r\n ', '')
      for (const line of calendar.split('\r\n')) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75)
      expect(unfolded).toContain('METHOD:REQUEST')
      const vevents = unfolded.split('BEGIN:VEVENT').slice(1)
      for (const vevent of vevents) {
        expect(vevent.match(/^ATTENDEE/gm)).toHaveLength(1)
        expect(vevent).toContain(`:mailto:${mail.from?.address}`)
        expect(vevent).toMatch(/ATTENDEE;[^\r]*RSVP=TRUE[^\r]*:mailto:Bob\.Ng@example\.org/)
        expect(vevent).toMatch(/^X-MICROSOFT-CDO-APPT-SEQUENCE:0\r?$/m)
        expect(vevent).toContain(`UID:${eventId}@events.example.net`)
        expect(vevent).not.toMatch(/BEGIN:VALARM|^CLASS|^COLOR/m)
      }
      const vevent = eventOf(calendar)
      const isoOf = (time: Date | undefined) => time?.toISOString().replace('.000Z', 'Z')
      if (sample.start.length === 10) {
        expect(unfolded).toContain(`DTSTART;VALUE=DATE:${sample.start.replaceAll('-', '')}`)
        expect(unfolded).toContain(`DTEND;VALUE=DATE:${sample.end.replaceAll('-', '')}`)
      } else {
        expect(isoOf(vevent?.start)).toBe(sample.start)
        expect(isoOf(vevent?.end)).toBe(sample.end)
      }
      expect(vevent?.summary).toBe(sample.title)
    })

  it('answers the organizer’s own calendar: the created mail carries METHOD:REPLY with ACCEPTED for create@', async () => {
    const created = (await tenant.sent()).find((mail) => mail.to === 'ana.diaz@example.com')
    const mail = await PostalMime.parse(created?.raw ?? '')
    expect(mail.headers.find((header) => header.key === 'auto-submitted')?.value).toBe('auto-replied')
    const part = mail.attachments.find((attachment) => attachment.mimeType === 'text/calendar')
    const text = typeof part?.content === 'string' ? part.content : new TextDecoder().decode(part?.content)
    const unfolded = text.replaceAll(/\r?\n /g, '')
    expect(part?.method).toBe('REPLY')
    expect(unfolded).toContain('METHOD:REPLY')
    expect(unfolded).toMatch(/ATTENDEE;[^\n]*PARTSTAT=ACCEPTED[^\n]*:mailto:create@events\.example\.net/)
    expect(unfolded).toMatch(/UID:(?!evt_)/)
  })
})
