import type { Partstat } from '../model.ts'
import { mailtoOf, quoteParameter } from './escape.ts'

/** ORGANIZER, unfolded. The value is a bare `mailto:`: `mailto:Name <address>` breaks clients. */
export function organizerLine(organizer: { readonly address: string; readonly name?: string }): string {
  return `ORGANIZER${commonName(organizer.name)}:${mailtoOf(organizer.address)}`
}

/** ATTENDEE of an invitation, unfolded. RSVP=TRUE, or Outlook shows no buttons. */
export function attendeeLine(attendee: {
  readonly address: string
  readonly name?: string
  readonly partstat: Partstat
}): string {
  return `${attendeeStart(attendee.partstat)}${commonName(attendee.name)}:${mailtoOf(attendee.address)}`
}

/** What stands before the CN parameter: the same for all who answered alike. */
export function attendeeStart(partstat: Partstat): string {
  return `ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=${partstat};RSVP=TRUE`
}

/**
 * `;CN="…"`, or '' without a name. A backslash means nothing in a parameter (RFC 5545 §3.2), but parsers in clients undo TEXT
 * escapes there and then lose the closing quote, and with it the address; its full-width twin looks the same.
 */
export function commonName(name: string | undefined): string {
  return name === undefined || name === '' ? '' : `;CN=${quoteParameter(name.replaceAll('\\', '\uff3c'))}`
}
