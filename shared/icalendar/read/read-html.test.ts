import { expect, it, vi } from 'vitest'
import { calendarText, onlyCalendar } from '../testing/calendar-text.ts'

it('is told as an error of the calendar, not lost, where the sanitiser was not made ready', async () => {
  const text = calendarText(
    'BEGIN:VEVENT',
    'UID:one@example.com',
    'DTSTART:20260303T100000Z',
    'DESCRIPTION:<b>Hi</b>',
    'END:VEVENT',
  )
  expect(onlyCalendar(text).vevents[0]?.descriptionHtml).toBe('<b>Hi</b>')
  // The same module anew, as a process has it that has just started.
  vi.resetModules()
  const { parseCalendars } = await import('./parse-calendars.ts')
  expect(parseCalendars(Buffer.from(text)).unreadable).toMatchObject([{ reason: 'calendar_error' }])
})
