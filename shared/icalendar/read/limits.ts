/** Reading holds about ten times the text in memory, and the child process has 256 MB; only inline attachments come near. */
export const CALENDAR_BYTES_MAX = 12 * 1024 * 1024

/** VCALENDARs in one text; each costs at least an entry in the outcome. */
export const CALENDARS_MAX = 100

/** Line breaks in one text before unfolding: 12 MB folded at 75 octets have a third of it. */
export const LINE_BREAKS_MAX = 1_000_000

/** Unfolded lines in one text: 10,000 attendees and 2,000 overrides fit, a file of newlines does not. */
export const LINES_MAX = 200_000

/** VEVENTs in one text: a series with an override for each working day of five years is below it; whole calendars are not. */
export const VEVENTS_MAX = 2000

/** All components in one text, alarms and observances included. */
export const COMPONENTS_MAX = 20_000

/** VCALENDAR > VTIMEZONE > STANDARD is three deep; deeper than this is an attack on recursion or memory. */
export const NESTING_MAX = 8

/** VTIMEZONEs read of one calendar; further ones are not looked at. */
export const VTIMEZONES_MAX = 100

/** TZIDs resolved of one calendar: each may cost a search through all tables. */
export const ZONES_MAX = 100

/** Observances (and RDATEs of one) read of a VTIMEZONE: one per half-year for two centuries. */
export const OBSERVANCES_MAX = 400

/** Attendees kept of one VEVENT; the rest are only counted, so a list of 10,000 costs no memory downstream. */
export const ATTENDEES_KEPT = 200

/** One line's header (name and parameters) and any address line; longer ones are cut before they are looked at. */
export const PARAMETERS_CHARS_MAX = 8192

/** A title that no client shows in full. */
export const SUMMARY_CHARS_MAX = 1000
export const LOCATION_CHARS_MAX = 2000
export const COMMENT_CHARS_MAX = 8000
export const URL_CHARS_MAX = 2048
export const NAME_CHARS_MAX = 256
/** STATUS, CLASS and the like: one word. */
export const TOKEN_CHARS_MAX = 64

/** A code and a word of explanation, for the log. */
export const REQUEST_STATUS_CHARS_MAX = 256

/** RFC 7986 §5.3 recommends 255 octets; Exchange writes up to 500. */
export const UID_CHARS_MAX = 1024

/** Plain description: Outlook and Google themselves stop at 32 KB and 8 KB. */
export const DESCRIPTION_CHARS_MAX = 64 * 1024

/** HTML handed to the sanitiser; its cost grows with length. */
export const HTML_CHARS_MAX = 128 * 1024

/** EXDATE or RDATE values of one VEVENT: a daily series of thirteen years with every day excepted. */
export const DATES_MAX = 5000

/** RFC 5545 says one RRULE; old clients write a few. */
export const RRULES_MAX = 5

/** The longest event we believe, in days: ten years. Longer ones are clamped, or every calendar view would hold them. */
export const EVENT_DAYS_MAX = 3660

/** SEQUENCE is a signed 32-bit integer (RFC 5545 §3.3.8). */
export const SEQUENCE_MAX = 2_147_483_647
