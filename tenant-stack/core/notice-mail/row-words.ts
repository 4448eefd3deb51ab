import type { ListRowReason } from '../recipient-list/recipient-list.ts'

/** Why lines of a list got no invitation, in plain words; the number stands before them. */
const WORDS: Readonly<Record<ListRowReason, string>> = {
  missing_address: 'without a mail address',
  invalid_address: 'with an address that cannot be mailed',
  too_long: 'too long to be a person',
  unreadable: 'with letters that cannot be read',
  open_quote: 'in a quote that goes on over other lines',
  duplicate: 'already further up in the list',
  own_domain: 'with an address of this server',
  already_invited: 'already invited to this event',
  suppressed: 'who want no mail, or whose mail came back',
  over_limit: 'more than your limit has room for',
}

/** `3 already invited to this event`, the most frequent first. */
export function refusedWords(refused: Readonly<Record<string, number>>): readonly string[] {
  const isKnown = (reason: string): reason is ListRowReason => Object.hasOwn(WORDS, reason)
  return Object.entries(refused)
    .toSorted(([, a], [, b]) => b - a)
    .map(([reason, count]) => `${count} ${isKnown(reason) ? WORDS[reason] : reason.replaceAll('_', ' ')}`)
}
