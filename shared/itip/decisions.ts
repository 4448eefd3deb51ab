import type {
  CalendarAddress,
  CalendarTime,
  CalendarWarning,
  Instant,
  ItipMethod,
  Partstat,
  RecurrenceKey,
  Series,
  Vevent,
} from '#shared/icalendar/model.ts'

/** What orders two states of one component: SEQUENCE, then DTSTAMP (RFC 5546 §2.1.5). */
export type Revision = { readonly sequence: number; readonly dtstamp: Instant }

/**
 * What is stored of one (client's UID, organizer) pair. A tombstone has `status: 'cancelled'`. A confirmed one without any
 * component only remembers instances called off before their series arrived.
 */
export type StoredSeries = {
  readonly series: Series
  readonly status: 'confirmed' | 'cancelled'
  /** Authenticated address that created it; lower case. */
  readonly organizerAddress: string
  /** Highest (sequence, dtstamp) ever applied to the series as a whole; a cancel raises it too. */
  readonly sequence: number
  readonly dtstamp: Instant
  /** The cancel before the present re-creation: what it buried stays buried, although its SEQUENCE is the higher one. */
  readonly lastCancel?: Revision
}

/** One group of components of one UID from one mail. */
export type IncomingItip = {
  readonly method: ItipMethod | undefined
  readonly uid: string
  readonly vevents: readonly Vevent[]
  readonly customZones: Series['customZones']
  readonly warnings: readonly CalendarWarning[]
  /** Top components of the same calendar that are no VEVENT, e.g. VTODO: tells "events only" from "no event". */
  readonly otherComponents?: readonly string[]
}

/** The authenticated sender; `undefined` when the mail was not authenticated. */
export type Who = { readonly address: string }

export type ChangedProperty =
  | 'start'
  | 'end'
  | 'recurrence'
  | 'summary'
  | 'location'
  | 'description'
  | 'status'
  | 'instances'
  | 'other'

export type OrganizerIgnored =
  | 'stale'
  | 'duplicate'
  | 'not_the_organizer'
  | 'unknown_uid'
  | 'already_cancelled'
  | 'not_an_occurrence'
  | 'no_change'
  | 'method_not_for_this_mailbox'

export type OrganizerRefused =
  | 'no_event'
  | 'events_only'
  | 'mixed_uids'
  | 'no_organizer_right'
  /** RANGE=THISANDFUTURE (row 12): the organizer is asked to change the whole series or single instances. */
  | 'range_this_and_future'

/** What an organizer's mail does to the stored series (RFC 5546 §3.2). Pure data. */
export type OrganizerDecision =
  | {
      readonly kind: 'create'
      readonly series: Series
      readonly isRecreation: boolean
      readonly warnings: readonly ItipWarning[]
    }
  | {
      readonly kind: 'update'
      readonly series: Series
      readonly changed: readonly ChangedProperty[]
      /** DTSTART, DTEND, DURATION or recurrence changed: answers start anew (RFC 5546 §2.1.4). */
      readonly resetsAnswers: boolean
      /** Instances whose own time changed while the series' did not: only answers for these start anew. */
      readonly instancesReset?: readonly RecurrenceKey[]
      readonly warnings: readonly ItipWarning[]
    }
  | { readonly kind: 'cancel'; readonly series: Series; readonly revision: Revision }
  | { readonly kind: 'cancel_instances'; readonly series: Series; readonly recurrenceKeys: readonly RecurrenceKey[] }
  /** A cancel of what never arrived: store it, so that an older REQUEST coming later is stale; tell nobody. */
  | {
      readonly kind: 'tombstone'
      readonly scope: 'series' | 'instances'
      readonly series: Series
      readonly revision: Revision
    }
  | {
      readonly kind: 'ignored'
      readonly reason: OrganizerIgnored
      /** Nobody is told, but a newer revision was seen: store it, or an older mail could still undo it. */
      readonly quietly?: { readonly series: Series; readonly revision: Revision }
    }
  | { readonly kind: 'refused'; readonly reason: OrganizerRefused }

export type ItipWarning =
  | 'same_revision_other_content'
  | 'older_instance_skipped'
  | 'range_this_and_future_split'
  /** The mail's master was older than the stored one; only its newer instances were taken. */
  | 'older_master_skipped'
  | 'instance_not_an_occurrence'

/** An attendee's stored answer, for one instance or the whole series. */
export type StoredAnswer = {
  readonly partstat: Partstat
  readonly sequence: number
  readonly dtstamp: Instant
  readonly recurrenceKey?: RecurrenceKey
}

export type IncomingReply = {
  readonly method: ItipMethod | undefined
  readonly vevent: Vevent
  /** The one ATTENDEE of the reply; undefined when it names none. */
  readonly attendee: CalendarAddress | undefined
  /** From of the mail, lower case. */
  readonly from: string | undefined
  /** False when the reply carried no SEQUENCE (then it counts as current). */
  readonly hasSequence: boolean
  /** When we received the mail: a DTSTAMP from a clock that runs ahead counts as this. */
  readonly receivedAt?: Instant
}

export type ReplyContext = {
  /** The address the token in the envelope was minted for. */
  readonly invitedAddress: string
  readonly invitedName?: string
  /** Our own UID, current SEQUENCE, and the SEQUENCE of the last revision that reset the answers. */
  readonly uid: string
  readonly sequence: number
  readonly lastResetSequence: number
  readonly isCancelled: boolean
  /** The stored answer for the same instance (or series), if any. */
  readonly answer: StoredAnswer | undefined
  readonly isOccurrence: boolean
}

export type AnsweredBy = {
  readonly address: string
  readonly relation: 'self' | 'alias_or_forward' | 'sent_by' | 'delegate' | 'someone_else'
}

export type ReplyIgnored =
  | 'wrong_uid'
  | 'stale'
  | 'duplicate'
  | 'no_answer'
  | 'not_an_occurrence'
  | 'unsupported_method'

/** What a REPLY, COUNTER … to an attendee's own address does. */
export type ReplyDecision =
  | {
      readonly kind: 'answer'
      readonly partstat: Partstat
      readonly sequence: number
      readonly dtstamp: Instant
      readonly recurrenceKey?: RecurrenceKey
      readonly answeredBy: AnsweredBy
      readonly comment?: string
      readonly delegatedTo?: readonly string[]
      readonly isAfterCancel: boolean
    }
  /** Kept in the history, moves no counter: it answers a SEQUENCE below the last resetting revision. */
  | {
      readonly kind: 'answered_older_time'
      readonly partstat: Partstat
      readonly sequence: number
      readonly dtstamp: Instant
      readonly recurrenceKey?: RecurrenceKey
      readonly answeredBy: AnsweredBy
    }
  | {
      readonly kind: 'proposal'
      readonly dtstart: CalendarTime
      readonly dtend: CalendarTime
      readonly recurrenceKey?: RecurrenceKey
      readonly comment?: string
      readonly answeredBy: AnsweredBy
      readonly dtstamp: Instant
      /** Of the state that it answers. */
      readonly sequence: number
      /** It answers a time that is no more, or an event that is cancelled: kept, and nobody is asked. */
      readonly isStale: boolean
      /** Outlook's "tentative and propose a new time" answers in the COUNTER itself; absent when it says nothing. */
      readonly partstat?: Partstat
    }
  | { readonly kind: 'refresh' }
  | { readonly kind: 'ignored'; readonly reason: ReplyIgnored }
