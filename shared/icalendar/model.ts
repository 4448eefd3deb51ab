/** A calendar day, `YYYY-MM-DD`. */
export type IsoDate = string
/** Wall-clock time without offset, `YYYY-MM-DDTHH:MM:SS`. */
export type LocalDateTime = string
/** A UTC instant, `YYYY-MM-DDTHH:MM:SSZ`. */
export type Instant = string

/** RFC 5545 §3.3.4/§3.3.5: the four forms of a date or time, resolved. */
export type CalendarTime =
  | { readonly kind: 'date'; readonly date: IsoDate }
  | { readonly kind: 'utc'; readonly instant: Instant }
  /** `tzid` is an IANA name, or the name of one of the calendar's `customZones`. */
  | { readonly kind: 'zoned'; readonly local: LocalDateTime; readonly tzid: string; readonly instant: Instant }
  | { readonly kind: 'floating'; readonly local: LocalDateTime }

/** One STANDARD or DAYLIGHT part of a VTIMEZONE (RFC 5545 §3.6.5); offsets in seconds east of UTC. */
export type Observance = {
  readonly kind: 'standard' | 'daylight'
  readonly start: LocalDateTime
  readonly offsetFromSeconds: number
  readonly offsetToSeconds: number
  readonly rrule?: string
  readonly rdates?: readonly LocalDateTime[]
  readonly name?: string
}

/** A zone that no table knows, kept by its own rules. */
export type CustomZone = { readonly tzid: string; readonly observances: readonly Observance[] }

export type Partstat = 'NEEDS-ACTION' | 'ACCEPTED' | 'DECLINED' | 'TENTATIVE' | 'DELEGATED'

/** An ORGANIZER or ATTENDEE. `address` is a decoded mailbox with lower-case domain; '' when none could be read. */
export type CalendarAddress = {
  readonly address: string
  readonly name?: string
  readonly partstat?: Partstat
  readonly role?: string
  readonly cutype?: string
  readonly sentBy?: string
  readonly delegatedTo?: readonly string[]
  readonly delegatedFrom?: readonly string[]
}

/** RFC 5545 §3.8.5. `rrules` are cleaned RECUR texts without the `RRULE:` name. */
export type Recurrence = {
  readonly rrules: readonly string[]
  readonly rdates: readonly CalendarTime[]
  readonly exdates: readonly CalendarTime[]
}

/**
 * Names an instance: `2026-03-03` for a DATE, `2026-03-03T09:00:00Z` for an instant, `2026-03-03T10:00:00` when floating.
 * Two RECURRENCE-IDs of one instance have equal keys whatever zone they were written in.
 */
export type RecurrenceKey = string

export type Vevent = {
  readonly uid: string
  /** Absent on a master. */
  readonly recurrenceId?: CalendarTime
  readonly recurrenceKey?: RecurrenceKey
  readonly isThisAndFuture?: true
  readonly sequence: number
  /** False when the component carried no SEQUENCE (then `sequence` is 0). */
  readonly hasSequence: boolean
  readonly dtstamp: Instant
  readonly dtstart: CalendarTime
  /** Always resolved, exclusive, same kind as dtstart: from DTEND, DURATION, or the default (0, or one day for a DATE). */
  readonly dtend: CalendarTime
  readonly isAllDay: boolean
  readonly summary: string
  readonly location?: string
  /** Plain text. */
  readonly description?: string
  /** Sanitised by the allow-list. */
  readonly descriptionHtml?: string
  readonly url?: string
  readonly status: 'CONFIRMED' | 'TENTATIVE' | 'CANCELLED'
  readonly transp: 'OPAQUE' | 'TRANSPARENT'
  readonly organizer?: CalendarAddress
  /** At most ATTENDEES_KEPT of them; the rest are only counted. */
  readonly attendees: readonly CalendarAddress[]
  readonly attendeeCount: number
  readonly recurrence?: Recurrence
  readonly comment?: string
  /** REQUEST-STATUS codes of a reply are ignored by rule 43; kept for the log. */
  readonly requestStatus?: string
  /** SHA-256 (hex) over what a recipient would see change: everything but SEQUENCE, DTSTAMP, attendees. */
  readonly contentHash: string
}

export type ItipMethod = 'PUBLISH' | 'REQUEST' | 'REPLY' | 'ADD' | 'CANCEL' | 'REFRESH' | 'COUNTER' | 'DECLINECOUNTER'

export type CalendarClient = 'google' | 'outlook' | 'apple' | 'yahoo' | 'other'

/** What was bent to make the calendar readable; shown to the organizer with the event. */
export type CalendarWarning =
  | 'cleaned_lines'
  | 'repeated_property'
  | 'floating_time'
  | 'zone_from_offset'
  | 'zone_matched_by_rules'
  | 'custom_zone'
  | 'rule_cleaned'
  | 'rule_dropped'
  | 'exdate_unmatched'
  | 'end_before_start'
  | 'sequence_clamped'
  | 'dtstamp_missing'
  | 'text_truncated'
  | 'attendees_capped'
  | 'attachment_dropped'
  | 'bad_charset'
  | 'bad_property'
  | 'method_mismatch'
  | 'private_class'

/** One VCALENDAR. */
export type CalendarObject = {
  /** Absent: no METHOD in the body (case 5 of calendar-mail: a draft). */
  readonly method?: ItipMethod
  readonly prodid?: string
  readonly client: CalendarClient
  readonly wrTimezone?: string
  readonly vevents: readonly Vevent[]
  /** Names of top components that are not VEVENT or VTIMEZONE, e.g. VTODO. */
  readonly otherComponents: readonly string[]
  readonly customZones: readonly CustomZone[]
  readonly warnings: readonly CalendarWarning[]
}

export type UnreadableReason =
  | 'not_a_calendar'
  | 'truncated_calendar'
  | 'no_start'
  | 'unknown_method'
  | 'unknown_zone'
  | 'recurrence_over_budget'
  | 'too_many_components'
  | 'calendar_error'

/** Never throws: what could not be read is said by reason. One text may hold several VCALENDARs. */
export type ParsedCalendars = {
  readonly calendars: readonly CalendarObject[]
  readonly unreadable: readonly { readonly reason: UnreadableReason; readonly detail: string }[]
}

/** A master with its overrides, or naked instances alone (no master); all of one UID. */
export type Series = {
  readonly uid: string
  readonly master?: Vevent
  /** Sorted by recurrenceKey, at most one each. */
  readonly overrides: readonly Vevent[]
  /** Instances called off, beyond the master's own EXDATEs. */
  readonly cancelled: readonly {
    readonly recurrenceKey: RecurrenceKey
    readonly recurrenceId: CalendarTime
    readonly sequence: number
    readonly dtstamp: Instant
  }[]
  readonly customZones: readonly CustomZone[]
}
