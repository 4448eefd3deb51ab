import type { ItipMethod } from '#shared/icalendar/model.ts'
import type { Authentication } from '../authentication.ts'
import type { DisassembledMail } from '../disassembled-mail.ts'
import { isUnread } from './robots.ts'

export type NoAnswerReason =
  | 'virus'
  | 'spam'
  | 'report'
  | 'null_return_path'
  | 'auto_reply'
  | 'auto_submitted'
  | 'bulk'
  | 'list'
  | 'no_from'
  | 'several_from'
  | 'own_address'
  | 'nobody_reads'

export type MayAnswer = { readonly may: true } | { readonly may: false; readonly reason: NoAnswerReason }

export type AnswerOptions = {
  /** Where the answer would go, when not to From: the human whom `decideIdentity` found. */
  readonly answerTo?: string
  /** Our own mailboxes: an answer to one of them would be answered again. */
  readonly isOwnAddress?: (address: string) => boolean
}

/** Methods by which a calendar tells what a person has just done in it. */
const ORGANIZER_METHODS: ReadonlySet<ItipMethod | undefined> = new Set([
  'PUBLISH',
  'REQUEST',
  'ADD',
  'CANCEL',
  undefined,
])

const MASS_PRECEDENCES: ReadonlySet<string> = new Set(['bulk', 'list', 'junk'])

/**
 * Whether anything may be mailed because of this mail (RFC 3834 §2, and against backscatter). It forbids answering, never recording.
 * It does not judge identity: an unauthenticated mail gets its one confirmation link at most.
 */
export function mayAnswer(
  mail: DisassembledMail,
  authentication: Authentication,
  options: AnswerOptions = {},
): MayAnswer {
  const address = options.answerTo ?? mail.from[0]?.address ?? ''
  const rows: readonly (readonly [NoAnswerReason, boolean])[] = [
    ['virus', authentication.virus === 'FAIL'],
    ['spam', authentication.spam === 'FAIL'],
    ['report', mail.isReport],
    ['null_return_path', authentication.envelopeFrom === '' || isNullPath(mail.returnPath)],
    ['auto_reply', mail.isAutoReply],
    ['auto_submitted', isAutoSubmitted(mail)],
    ['bulk', MASS_PRECEDENCES.has(mail.precedence?.trim().toLowerCase() ?? '')],
    ['list', mail.isListMail],
    ['no_from', address === ''],
    ['several_from', mail.from.length > 1],
    ['own_address', options.isOwnAddress?.(address.toLowerCase()) ?? false],
    ['nobody_reads', isUnread(address)],
  ]
  const found = rows.find(([, holds]) => holds)
  return found === undefined ? { may: true } : { may: false, reason: found[0] }
}

function isNullPath(returnPath: string | undefined): boolean {
  return returnPath !== undefined && returnPath.replaceAll(/[<>\s]/g, '') === ''
}

/**
 * Calendar servers mark the invites they send for a person as auto-generated. Such a mail may be answered: our answer carries
 * METHOD:REPLY, and nothing answers that, so no loop can close. Auto-replied and auto-notified mail stays unanswered.
 */
function isAutoSubmitted({ autoSubmitted, calendars }: DisassembledMail): boolean {
  const keyword = autoSubmitted?.split(';')[0]?.trim().toLowerCase() ?? 'no'
  if (keyword === 'no' || keyword === '') return false
  const isOrganizers = calendars.some(({ calendar }) => ORGANIZER_METHODS.has(calendar.method))
  return !(keyword === 'auto-generated' && isOrganizers)
}
