import type { MailFacts } from '../side-by-side/mail-facts.ts'

/** What any reader of a reply must have found to count it, in terms that do not depend on how it was read. */
export type ReplyFacts = MailFacts & {
  readonly method: string
  readonly uid: string
  readonly sequence: number
  readonly dtstamp: string
  readonly partstat: string
  readonly answeredBy: string
  readonly comment: string
}
