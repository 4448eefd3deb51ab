import { type MailFacts, mailFactsOf } from '../side-by-side/mail-facts.ts'
import type { CreateDecision } from './create-path.ts'

/** What any reader of an invitation must have found, in terms that do not depend on how it was read. */
export type InvitationFacts = MailFacts & {
  readonly method: string
  readonly uid: string
  readonly sequence: number
  readonly dtstamp: string
  /** UTC instants. */
  readonly start: string
  readonly end: string
  readonly summary: string
  readonly location: string
  readonly organizer: string
  readonly attendees: readonly { readonly address: string; readonly partstat: string }[]
}

/** The facts behind a decision to create the mail's one event; throws when that is not what was decided. */
export function factsOfDecision({ mail, decisions }: CreateDecision): InvitationFacts {
  const [decision] = decisions
  const calendar = mail.calendars[0]?.calendar
  const master = decision?.kind === 'create' ? decision.series.master : undefined
  if (decisions.length !== 1 || calendar === undefined || master === undefined)
    throw new Error(`a sample mail led to ${decisions.map(({ kind }) => kind).join(', ') || 'no decision'}`)
  if (!('instant' in master.dtstart) || !('instant' in master.dtend)) throw new Error('the samples are timed events')
  return {
    ...mailFactsOf(mail),
    method: calendar.method ?? '',
    uid: master.uid,
    sequence: master.sequence,
    dtstamp: master.dtstamp,
    start: master.dtstart.instant,
    end: master.dtend.instant,
    summary: master.summary,
    location: master.location ?? '',
    organizer: master.organizer?.address ?? '',
    attendees: master.attendees.map(({ address, partstat }) => ({ address, partstat: partstat ?? '' })),
  }
}
