import { isUtf8 } from 'node:buffer'
import { charsetLabel } from '../charset.ts'
import type { Leaf, ScannedParts } from '../scan-parts.ts'
import { decodeTransfer } from '../transfer-encoding.ts'

export type Observed = {
  readonly place: string
  readonly ours: string
  readonly theirs: string
  readonly leaf: Leaf | undefined
  readonly scanned: ScannedParts
}

type Reason = {
  readonly id: string
  readonly rfc: string
  readonly why: string
  readonly holds: (observed: Observed) => boolean
}

/** What both must agree on when only the letters beyond ASCII were decoded differently. */
function asciiOf(text: string): string {
  return text.replaceAll(/[\u0080-\u{10ffff}]/gu, '')
}

function isBodyPlace(place: string): boolean {
  return place === 'text' || place === 'html'
}

/** Some body whose decoded bytes and declared charset satisfy the test. */
function someBody(observed: Observed, test: (bytes: Buffer, label: string | undefined) => boolean): boolean {
  return observed.scanned.leaves.some(({ entity, body }) => {
    const declared = entity.parameters.get('charset')
    return entity.isBody && test(decodeTransfer(body, entity.encoding), declared ? charsetLabel(declared) : undefined)
  })
}

function isUnicodeLabel(label: string | undefined): boolean {
  return label === undefined || label === 'utf-8' || label === 'windows-1252'
}

/** Every accepted difference between our scanner and mailparser; anything not listed counts as unexplained. */
export const REASONS = [
  {
    id: 'octet_stream_kept',
    rfc: 'RFC 2046 §4.5.1',
    why: 'application/octet-stream stays what the sender declared; mailparser guesses a type by the file name',
    holds: ({ place, ours, leaf }) =>
      place.endsWith(' type') && ours === 'application/octet-stream' && leaf?.entity.filename !== undefined,
  },
  {
    id: 'digest_default',
    rfc: 'RFC 2046 §5.1.5',
    why: 'a part of multipart/digest without Content-Type is message/rfc822; mailparser reads it as text',
    holds: ({ scanned }) =>
      scanned.multiparts.some(({ contentType }) => contentType === 'multipart/digest') &&
      scanned.leaves.some(({ entity }) => entity.contentType === 'message/rfc822'),
  },
  {
    id: 'break_before_delimiter',
    rfc: 'RFC 2046 §5.1.1',
    why: 'the line break before a delimiter belongs to it; mailparser keeps it when it is all the body there is',
    holds: ({ place, ours, theirs, scanned }) =>
      isBodyPlace(place) &&
      scanned.leaves.some(({ entity, body }) => entity.isBody && body.length === 0) &&
      ours.replaceAll('\n', '') === theirs.replaceAll('\n', ''),
  },
  {
    id: 'eight_bit_undeclared',
    rfc: 'RFC 2045 §2.7 and §6.2, RFC 3629 §3',
    why: 'bytes that are not the declared UTF-8 or ASCII are read as windows-1252; mailparser writes U+FFFD',
    holds: (observed) =>
      isBodyPlace(observed.place) &&
      asciiOf(observed.ours) === asciiOf(observed.theirs) &&
      someBody(observed, (bytes, label) => !isUtf8(bytes) && isUnicodeLabel(label)),
  },
  {
    id: 'utf8_declared_otherwise',
    rfc: 'RFC 3629 §1',
    why: 'text that is valid UTF-8 beyond ASCII is UTF-8 whatever it declares; mailparser obeys the declaration',
    holds: (observed) =>
      isBodyPlace(observed.place) &&
      asciiOf(observed.ours) === asciiOf(observed.theirs) &&
      someBody(observed, (bytes, label) => isUtf8(bytes) && label !== undefined && label !== 'utf-8'),
  },
  {
    id: 'flowed_stuffing',
    rfc: 'RFC 3676 §4.4',
    why: 'the space stuffed before a continued line is removed first; mailparser keeps it when delsp=yes',
    holds: ({ place, ours, theirs, scanned }) =>
      place === 'text' &&
      scanned.leaves.some(({ entity }) => entity.isBody && entity.parameters.get('delsp')?.toLowerCase() === 'yes') &&
      ours.replaceAll(' ', '') === theirs.replaceAll(' ', ''),
  },
  {
    id: 'byte_order_mark',
    rfc: 'RFC 3629 §6',
    why: 'a byte order mark at the start of a body is no text; mailparser keeps it',
    holds: ({ place, ours, theirs }) => isBodyPlace(place) && theirs.replaceAll('\ufeff', '') === ours,
  },
] as const satisfies readonly Reason[]

export type ReasonId = (typeof REASONS)[number]['id']

/** The rule that explains a difference, undefined when none does. */
export function reasonFor(observed: Observed): ReasonId | undefined {
  return REASONS.find((reason) => reason.holds(observed))?.id
}
