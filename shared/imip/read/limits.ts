/** Above every real mail header (long ARC and DKIM chains reach 60 KB); a larger block is left to the fallback reader. */
export const HEADER_BYTES_MAX = 256 * 1024

/** A real mail has some 150 lines of header; the bound keeps per-line work finite. */
export const HEADER_LINES_MAX = 4_000

/** The fallback reader's own bound: what it refuses beyond this is unreadable, not slow. */
export const FALLBACK_HEADER_BYTES_MAX = 1024 * 1024

/** 40 MB of base64 have some 550,000 lines; mailparser takes a microsecond and 150 bytes for each. */
export const FALLBACK_LINES_MAX = 600_000

/** Newsletters with inline images reach 60 parts; each part costs an object. */
export const PARTS_MAX = 200

/** The fallback reader's own bound on parts, above our scanner's. */
export const FALLBACK_PARTS_MAX = 500

/** Real mail nests multiparts 4 or 5 deep; every open boundary is compared at each line that begins with two hyphens. */
export const MULTIPART_DEPTH_MAX = 16

/** calendar-mail rule 2: a calendar forwarded more than five times over is nobody's invite. */
export const FORWARDED_DEPTH_MAX = 5

/** RFC 2046 §5.1.1 allows 70; some gateways write longer ones, none beyond this. */
export const BOUNDARY_BYTES_MAX = 200

/** RFC 5322 §2.1.1: a line has at most 998 octets; a longer Subject or Message-ID is cut here for storing. */
export const HEADER_TEXT_MAX = 998

/** Content-Type and Content-Disposition with RFC 2231 names stay far below; longer ones are padding for an attack. */
export const PARAMETER_BYTES_MAX = 16 * 1024

/** Address lists beyond this are nobody's invitation to one mailbox; the rest of the field is left unread. */
export const ADDRESSES_MAX = 1_000

/** Addresses of one field are parsed from at most this many bytes: about ADDRESSES_MAX long mailboxes. */
export const ADDRESS_FIELD_BYTES_MAX = 128 * 1024

/** Enough for any invitation text; the received bytes are kept elsewhere. */
export const TEXT_BYTES_MAX = 64 * 1024

/** Word and Outlook write up to 200 KB of HTML for one page of text. */
export const HTML_BYTES_MAX = 256 * 1024

/** HTML parsers are quadratic in nesting; browsers flatten beyond 512 levels themselves. */
export const HTML_DEPTH_MAX = 256

/** Word writes some 10,000 tags for a long page; the sanitizer takes about 20 microseconds for each. */
export const HTML_TAGS_MAX = 20_000

/** A calendar pasted into a text body is looked for in its first megabyte only. */
export const INLINE_SEARCH_BYTES_MAX = 1024 * 1024

/** A mail with more calendars than this is a mail bomb or an export, never an invitation. */
export const CALENDARS_MAX = 32

/** A blank-padded or marked calendar shows its first line within this many decoded bytes. */
export const SNIFF_BYTES = 192

/** One calendar body; its own parser applies finer limits. */
export const CALENDAR_BYTES_MAX = 10 * 1024 * 1024

/** As large as a list may be that is uploaded; a larger file is named, not read. */
export const ATTACHED_LIST_BYTES_MAX = 4 * 1024 * 1024

/** Of all lists of a mail together: what the child may answer, in base64. */
export const ATTACHED_LISTS_BYTES_MAX = 8 * 1024 * 1024

/** A person attaches a few files; more are somebody's archive. */
export const ATTACHED_LISTS_MAX = 10

/** Message-IDs of one mail's In-Reply-To and References that are looked at: a long talk has some dozens. */
export const REFERENCES_MAX = 50
