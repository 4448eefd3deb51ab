import { words } from '../mail-template/language.ts'

/** A sentence or two for the organizer; unknown reasons are named, never hidden. */
export function failureWords(reason: string): string {
  return words.reasons.failure[reason] ?? words.reasons.unknownFailure(reason)
}
