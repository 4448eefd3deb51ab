import type { CalendarObject, Series, UnreadableReason } from '#shared/icalendar/model.ts'

export type MailAddress = { readonly address: string; readonly name?: string }

/** A calendar found in a mail: where, and what it says. */
export type FoundCalendar = {
  readonly where: 'part' | 'attachment' | 'forwarded' | 'raw'
  readonly contentType: string
  /** The `method` parameter of Content-Type, upper case; the body's METHOD wins over it. */
  readonly methodParameter?: string
  readonly filename?: string
  readonly calendar: CalendarObject
  /** SHA-256 (hex) of the decoded calendar bytes. */
  readonly sha256: string
}

/** One received mail, taken apart: what the pipelines decide by. Plain data, crosses a process boundary. */
export type DisassembledMail = {
  /** Which reader took it: our scanner, or mailparser for what the scanner declined. */
  readonly readBy: 'scanner' | 'mailparser'
  readonly messageId?: string
  /** Message-IDs of the mails that it answers or was made from (In-Reply-To, then References, the nearest first), with their angle brackets. */
  readonly references?: readonly string[]
  readonly subject?: string
  /** The Date header as epoch milliseconds. */
  readonly date?: number
  readonly from: readonly MailAddress[]
  readonly sender?: MailAddress
  readonly replyTo: readonly MailAddress[]
  readonly to: readonly MailAddress[]
  readonly returnPath?: string
  /** Lower case, without parameters. */
  readonly autoSubmitted?: string
  readonly precedence?: string
  readonly isListMail: boolean
  /** multipart/report: a DSN or a disposition notice. */
  readonly isReport: boolean
  /** An out-of-office or similar by its headers (X-Autoreply, Auto-Submitted: auto-replied …). */
  readonly isAutoReply: boolean
  readonly hasTnef: boolean
  readonly isEncrypted: boolean
  readonly isSigned: boolean
  /** How deep the calendar lay inside message/rfc822; 0 when direct. */
  readonly forwardedDepth: number
  /** Decoded text/plain body, at most 64 KB. */
  readonly text?: string
  /** Decoded and sanitised text/html body, at most 256 KB; absent beside a calendar, which it only says again. */
  readonly html?: string
  /** Deduplicated by (UID, RECURRENCE-ID, SEQUENCE, DTSTAMP): the preferred copy of each. */
  readonly calendars: readonly FoundCalendar[]
  readonly unreadable: readonly { readonly reason: UnreadableReason; readonly detail: string }[]
  readonly attachments: readonly {
    readonly filename?: string
    readonly contentType: string
    readonly sizeBytes: number
  }[]
  /** SHA-256 (hex) of everything after the header. */
  readonly bodyHash: string
}

/** A file of a mail that may be a list of people; without `base64` it is larger than a list may be. */
export type AttachedList = { readonly fileName?: string; readonly sizeBytes: number; readonly base64?: string }

/** What the budgeted child answers; a blown budget is an answer, not an error. */
export type Budgeted<T> =
  | { readonly kind: 'done'; readonly value: T }
  | { readonly kind: 'over_budget'; readonly limit: 'time' | 'memory' }
  | { readonly kind: 'failed'; readonly detail: string }

/** Which instances of a series exist: asked in the same budgeted child as parsing. */
export type OccurrenceQuestion = {
  readonly series: Series
  readonly recurrenceKeys: readonly string[]
}

/** The door to the budgeted parser process; one call at a time per child, the pool queues. */
export interface MailReader {
  disassemble(raw: Uint8Array, options?: { readonly signal?: AbortSignal }): Promise<Budgeted<DisassembledMail>>
  /** The text and CSV files of a mail, in their order. */
  attachedLists(raw: Uint8Array): Promise<Budgeted<readonly AttachedList[]>>
  /** For each asked key: is it an occurrence of the series (overrides and RDATE included, EXDATE excluded)? */
  occurs(question: OccurrenceQuestion): Promise<Budgeted<readonly boolean[]>>
  /**
   * The series as single instances without a master, for rules that Outlook refuses (several BYMONTHDAY, several nth weekdays,
   * RDATE without RRULE: MS KB 2643084); a series that needs no such thing comes back unchanged.
   */
  sendable(series: Series): Promise<Budgeted<Series>>
  close(): Promise<void>
}
