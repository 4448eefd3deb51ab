import { words } from '../mail-template/language.ts'
import type { ListRowReason } from '../recipient-list/recipient-list.ts'

/** `3 already invited to this event`, the most frequent first. */
export function refusedWords(refused: Readonly<Record<string, number>>): readonly string[] {
  const isKnown = (reason: string): reason is ListRowReason => Object.hasOwn(words.reasons.row, reason)
  return Object.entries(refused)
    .toSorted(([, a], [, b]) => b - a)
    .map(([reason, count]) => `${count} ${isKnown(reason) ? words.reasons.row[reason] : reason.replaceAll('_', ' ')}`)
}
