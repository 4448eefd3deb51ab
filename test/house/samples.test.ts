import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import ICAL from 'ical.js'
import PostalMime from 'postal-mime'
import { describe, expect, it } from 'vitest'

const folder = join(import.meta.dirname, '..', '..', 'samples')
const files = readdirSync(folder).filter((name) => name.endsWith('.eml'))

type Row = {
  readonly file: string
  readonly title: string
  readonly start: string
  readonly end: string
  readonly zone: string
  readonly recurrence: string
}

/** The rows of samples/README.md. */
const table: readonly Row[] = readFileSync(join(folder, 'README.md'), 'utf8')
  .split('\n')
  .filter((line) => /^\| \S+\.eml /.test(line))
  .map((line) => {
    const cells = line.split('|').map((cell) => cell.trim())
    const [, file = '', title = '', start = '', end = '', zone = '', recurrence = ''] = cells
    return { file, title, start, end, zone, recurrence }
  })

const readBytes = (file: string) => readFileSync(join(folder, file))

/** The mail and its calendars, read without the product's own readers. */
async function calendarsOf(file: string) {
  const mail = await PostalMime.parse(readBytes(file), { forceRfc822Attachments: true })
  const parts = mail.attachments.filter((one) => /^(text\/calendar|application\/ics)$/.test(one.mimeType))
  const texts = parts.map((one) =>
    typeof one.content === 'string' ? one.content : new TextDecoder('utf-8', { fatal: true }).decode(one.content),
  )
  return { mail, texts, calendars: texts.map((text) => new ICAL.Component(ICAL.parse(text))) }
}

function instantOf(time: ICAL.Time): string {
  return time.isDate ? time.toString() : time.toJSDate().toISOString().replace('.000Z', 'Z')
}

/** The first instance as the table writes it, read by ical.js with the file's own VTIMEZONE. */
function describeFirst(calendar: ICAL.Component, text: string): Omit<Row, 'file'> {
  const vevent = calendar.getFirstSubcomponent('vevent')
  if (vevent === null) throw new Error('no VEVENT')
  const icalEvent = new ICAL.Event(vevent, { strictExceptions: true })
  const isAllDay = vevent.getFirstPropertyValue('x-microsoft-cdo-alldayevent') === 'TRUE'
  const write = (time: ICAL.Time) => (isAllDay ? time.toString().slice(0, 10) : instantOf(time))
  const tzid = vevent.getFirstProperty('dtstart')?.getFirstParameter('tzid')
  return {
    title: icalEvent.summary,
    start: write(icalEvent.startDate),
    end: write(icalEvent.endDate),
    zone: tzid ?? (icalEvent.startDate.isDate ? 'none' : 'UTC'),
    // As written: ical.js leaves out what is a default.
    recurrence:
      /^RRULE:(.*)$/m.exec(text.slice(text.indexOf('BEGIN:VEVENT')))?.[1]?.trim() ??
      (vevent.hasProperty('recurrence-id') ? 'one instance' : 'none'),
  }
}

describe('the samples', () => {
  it('are all in the table of their README, once', () => {
    expect(table.map((row) => row.file)).toHaveLength(files.length)
    expect(new Set(table.map((row) => row.file))).toEqual(new Set(files))
  })

  it.each(files)('%s is a mail that can be sent as it is: CRLF, short lines, one recipient', async (file) => {
    const text = readBytes(file).toString('latin1')
    expect(text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/)
    expect(Math.max(...text.split('\r\n').map((line) => line.length))).toBeLessThanOrEqual(998)
    const { mail } = await calendarsOf(file)
    expect(mail.to?.map((to) => to.address)).toEqual(['create@demo.localhost'])
    expect(mail.from?.address).toMatch(/@(example\.(com|org)|insideicloud\.icloud\.com)$/)
    expect(mail.messageId).toMatch(/^<\S+@\S+>$/)
    expect(Date.parse(mail.date ?? '')).toBeGreaterThan(Date.UTC(2026, 10, 22))
    expect(`${mail.text}`.trim()).not.toBe('')
  })

  it.each(table)('$file says what the table says', async (row) => {
    const { calendars, texts } = await calendarsOf(row.file)
    expect(calendars.length).toBeGreaterThan(0)
    const { file, ...expected } = row
    for (const [index, calendar] of calendars.entries())
      expect({ file, ...describeFirst(calendar, texts[index] ?? '') }).toEqual({ file, ...expected })
  })

  it.each(files)('%s has folded lines of at most 75 octets and one UID', async (file) => {
    const { texts, calendars } = await calendarsOf(file)
    for (const text of texts)
      for (const line of text.split(/\r?\n/)) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75)
    const uids = calendars.flatMap((calendar) =>
      calendar.getAllSubcomponents('vevent').map((one) => one.getFirstPropertyValue('uid')),
    )
    expect(new Set(uids).size).toBe(1)
    const method = file.includes('cancel') ? 'CANCEL' : 'REQUEST'
    for (const calendar of calendars) expect(calendar.getFirstPropertyValue('method')).toBe(method)
  })

  it('of one event share its UID, and SEQUENCE and DTSTAMP rise', async () => {
    const names = ['google-single-timed.eml', 'google-single-timed-update.eml', 'google-single-timed-cancel.eml']
    const revisions = await Promise.all(
      names.map(async (file) => {
        const vevent = (await calendarsOf(file)).calendars[0]?.getFirstSubcomponent('vevent')
        const value = (name: string) => String(vevent?.getFirstPropertyValue(name))
        return { uid: value('uid'), sequence: value('sequence'), dtstamp: value('dtstamp') }
      }),
    )
    expect(revisions.map((one) => one.sequence)).toEqual(['0', '1', '2'])
    expect(new Set(revisions.map((one) => one.uid)).size).toBe(1)
    const stamps = revisions.map((one) => one.dtstamp)
    expect(stamps).toEqual(stamps.toSorted((a, b) => a.localeCompare(b)))
    expect(new Set(stamps).size).toBe(3)
  })
})
