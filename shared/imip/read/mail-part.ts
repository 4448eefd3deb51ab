import type { Buffer } from 'node:buffer'

/** A kept header field: `name` in lower case, `value` unfolded and trimmed, one character per received byte. */
export type HeaderField = { readonly name: string; readonly value: string }

/** Why our scanner leaves a message to the fallback reader. */
export type DeclineReason =
  | 'header_too_large'
  | 'header_malformed'
  | 'header_repeated'
  | 'content_type_odd'
  | 'parameter_odd'
  | 'encoding_unknown'
  | 'charset_unknown'
  | 'boundary_missing'
  | 'boundary_odd'
  | 'boundary_reused'
  | 'delimiter_junk'
  | 'multipart_unclosed'
  | 'multipart_empty'
  | 'nested_too_deep'
  | 'too_many_parts'

export type Declined = { readonly declined: DeclineReason }

export type TransferEncoding = 'identity' | 'base64' | 'quoted-printable'

/** A leaf of the MIME tree, its body still encoded until asked for. */
export type MailPart = {
  /** Lower case `type/subtype`. */
  readonly contentType: string
  /** Of Content-Type, names in lower case. */
  readonly parameters: ReadonlyMap<string, string>
  readonly disposition?: string
  readonly filename?: string
  /** Shown as the mail's own text: text/plain or text/html that is not an attachment. */
  readonly isBody: boolean
  readonly isInAlternative: boolean
  /** Decoded bytes; `limitBytes` bounds the work to about that many of them. */
  readonly content: (limitBytes?: number) => Buffer
  readonly sizeBytes: () => number
}

/** One message, taken apart by whichever reader understood it. */
export type ReadMessage = {
  readonly readBy: 'scanner' | 'mailparser'
  readonly fields: readonly HeaderField[]
  /** Where the body begins in the message's bytes. */
  readonly bodyStart: number
  /** Content-Type and its parameters of every multipart met, outermost first. */
  readonly multiparts: readonly { readonly contentType: string; readonly parameters: ReadonlyMap<string, string> }[]
  readonly parts: readonly MailPart[]
  /** Decoded text/plain bodies joined by a line feed, line ends as LF; absent when there is none. */
  readonly text?: string
  /** Decoded text/html bodies, not yet sanitised; worked out when asked, for most of a mail's bytes are this and few mails need it. */
  readonly html?: () => string
}

export function isDeclined(value: object): value is Declined {
  return 'declined' in value
}
