import type * as z from 'zod'
import type { StatisticsView } from '#shared/contracts/statistics-api.ts'
import { lines } from './lines.ts'

type Numbers = Omit<z.infer<typeof StatisticsView>, 'event_id'>

/** A bar of so many signs stands for everybody. */
const BAR_SIGNS = 30

/** The numbers of an event, an organizer or the domain for people, with a small picture of the answers. */
export function statisticsText(numbers: Numbers, first: readonly (readonly [string, string])[] = []): string {
  const { answers, mail, attendees } = numbers
  const answer = (count: number) => `${String(count).padEnd(7)} ${bar(count, attendees)}`.trimEnd()
  const table = lines([
    ...first,
    ['Attendees', String(attendees)],
    ['Accepted', answer(answers.accepted)],
    ['Tentative', answer(answers.tentative)],
    ['Declined', answer(answers.declined)],
    ...(answers.delegated === 0 ? [] : [['Delegated', answer(answers.delegated)] as const]),
    ['No answer', answer(answers.none)],
    ['Invited by', listed(numbers.channels)],
    ['Answered with', listed(numbers.clients)],
    ['Mails sent', String(mail.sent)],
    ['Delivered', String(mail.delivered)],
    ['Mails failed', String(mail.failed)],
    ['Held back', mail.suppressed === 0 ? undefined : String(mail.suppressed)],
    ['Bounced', String(mail.bounced)],
    ['Complained', String(mail.complained)],
  ])
  const days = numbers.over_time.map(
    ({ day, invited, sent, accepted, tentative, declined }) =>
      `${day}  invited ${invited}, sent ${sent}, accepted ${accepted}, tentative ${tentative}, declined ${declined}`,
  )
  return [table, ...(days.length === 0 ? [] : ['', ...days])].join('\n')
}

function bar(count: number, of: number): string {
  return of === 0 ? '' : '█'.repeat(Math.round((count / of) * BAR_SIGNS))
}

function listed(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .toSorted(([, a], [, b]) => b - a)
    .map(([name, count]) => `${name} ${count}`)
    .join(', ')
}
