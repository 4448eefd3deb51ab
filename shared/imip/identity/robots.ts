import { domainOf } from './alignment.ts'

/**
 * Mailboxes that calendar services send from for all their users: authenticated they may be, a person they are not. As an identity
 * one of them would let every user of the service change every other's events.
 */
const SERVICE_MAILBOXES: ReadonlySet<string> = new Set([
  'calendar-notification@google.com',
  'calendar-server@google.com',
  'noreply@insideicloud.icloud.com',
  'do-not-reply@yahoo.com',
])

/** Technical calendar addresses, one per calendar or relay and never one per person. */
const SERVICE_DOMAINS: ReadonlySet<string> = new Set([
  'group.calendar.google.com',
  'import.calendar.google.com',
  'resource.calendar.google.com',
  'group.v.calendar.google.com',
  'calendar-server.bounces.google.com',
  'imip.me.com',
])

const UNREAD_LOCAL_PART = /^(?:no[-_.]?reply|do[-_.]?not[-_.]?reply|mailer-daemon|postmaster|bounces?)(?:[-_.+].*)?$/

/** Whether mail to this address reaches no person: not to be answered, not to own an event. */
export function isUnread(address: string): boolean {
  const lower = address.toLowerCase()
  const local = lower.slice(0, lower.lastIndexOf('@'))
  return SERVICE_MAILBOXES.has(lower) || SERVICE_DOMAINS.has(domainOf(lower)) || UNREAD_LOCAL_PART.test(local)
}
