import { describe, expect, it } from 'vitest'
import { calendarPart, calendarText, entity, inviteMail, mixedMail, textPart } from '#test/mail/read/build-mail.ts'
import { disassembleMail } from './disassemble-mail.ts'

const HTML = entity(['Content-Type: text/html; charset=utf-8'], '<p onclick=x>Hi</p>')
const UID = 'u1@example.com'

describe('HTML in a mail', () => {
  it('is told beside text, sanitised', async () => {
    expect(await disassembleMail(mixedMail([textPart('Hi'), HTML]))).toMatchObject({ text: 'Hi', html: '<p>Hi</p>' })
  })

  it('is not told beside a calendar, while the text is', async () => {
    const mail = await disassembleMail(mixedMail([textPart('Hi'), HTML, calendarPart(calendarText(UID))]))
    expect(mail).toMatchObject({ text: 'Hi', calendars: [{ calendar: { vevents: [{ uid: UID }] } }] })
    expect(mail.html).toBeUndefined()
  })

  it('is told beside a calendar that could not be read', async () => {
    const mail = await disassembleMail(mixedMail([HTML, calendarPart('BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n')]))
    expect(mail).toMatchObject({ html: '<p>Hi</p>', calendars: [], unreadable: [{ reason: 'truncated_calendar' }] })
  })
})

// The first calendar here with `<` or `%` finds the sanitiser not yet loaded.
describe("HTML in a calendar's description", () => {
  const described = (line: string) => calendarText(UID).replace('END:VEVENT', `${line}\r\nEND:VEVENT`)
  const vevent = async (calendar: string) =>
    (await disassembleMail(inviteMail(calendar))).calendars[0]?.calendar.vevents[0]

  it.each([
    [
      'ALTREP',
      `DESCRIPTION;ALTREP="data:text/html,%3Cp%3EHi%20%3Cimg%20src=x%3E%3C/p%3E":Hi`,
      { description: 'Hi', descriptionHtml: '<p>Hi </p>' },
    ],
    ['DESCRIPTION', 'DESCRIPTION:<b>Hi</b><script>x</script>', { description: 'Hi', descriptionHtml: '<b>Hi</b>' }],
    [
      'X-ALT-DESC',
      'X-ALT-DESC;FMTTYPE=text/html:<p style="x">Hi</p>',
      { description: 'Hi', descriptionHtml: '<p>Hi</p>' },
    ],
  ])('of %s is sanitised', async (_name, line, expected) => {
    expect(await vevent(described(line))).toMatchObject(expected)
  })

  it('as UTF-16 too', async () => {
    const calendar = Buffer.from(described('DESCRIPTION:<b>Hi</b>'), 'utf16le')
    const part = entity(
      ['Content-Type: text/calendar; charset=utf-16', 'Content-Transfer-Encoding: base64'],
      calendar.toString('base64'),
    )
    const mail = await disassembleMail(mixedMail([part]))
    expect(mail.calendars[0]?.calendar.vevents[0]).toMatchObject({ descriptionHtml: '<b>Hi</b>' })
  })
})
