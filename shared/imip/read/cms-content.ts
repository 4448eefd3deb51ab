import { Buffer } from 'node:buffer'

/** What a CMS (S/MIME) body is; `signed` carries the MIME entity inside it when it is all there. */
export type CmsContent =
  | { readonly kind: 'enveloped' | 'other' }
  | { readonly kind: 'signed'; readonly content?: Buffer }

type Element = { readonly tag: number; readonly from: number; readonly end: number; readonly isIndefinite: boolean }

const OBJECT_ID = 0x06
const OCTET_STRING = 0x04
const OCTET_STRING_PARTS = 0x24
const EXPLICIT_0 = 0xa0
/** RFC 5652 §5.1, §6.1 and RFC 5083: object identifiers without tag and length. */
const SIGNED_DATA = Buffer.from('2a864886f70d010702', 'hex')
const ENVELOPED_DATA = Buffer.from('2a864886f70d010703', 'hex')
const AUTH_ENVELOPED_DATA = Buffer.from('2a864886f70d0109100117', 'hex')
/** SignedData has four members before its content; digests and versions are few. */
const MEMBERS_MAX = 16
/** BER writers cut the content into strings of 1 KB or more; nesting of strings is not followed. */
const STRINGS_MAX = 65_536

/** One BER element at `at`, bounded by `limit`; an indefinite length reaches to the limit. */
function elementAt(bytes: Buffer, at: number, limit: number): Element | undefined {
  const tag = bytes[at]
  const first = bytes[at + 1]
  if (tag === undefined || first === undefined || at + 2 > limit) return undefined
  if (first < 0x80) return bounded(tag, at + 2, at + 2 + first, limit)
  const octets = first & 0x7f
  if (octets === 0) return { tag, from: at + 2, end: limit, isIndefinite: true }
  if (octets > 4 || at + 2 + octets > limit) return undefined
  return bounded(tag, at + 2 + octets, at + 2 + octets + bytes.readUIntBE(at + 2, octets), limit)
}

function bounded(tag: number, from: number, end: number, limit: number): Element | undefined {
  return end > limit ? undefined : { tag, from, end, isIndefinite: false }
}

/** The first member of `outer` with that tag; members of indefinite length cannot be stepped over. */
function memberOf(bytes: Buffer, outer: Element, tag: number): Element | undefined {
  let at = outer.from
  for (let i = 0; i < MEMBERS_MAX; i++) {
    const member = elementAt(bytes, at, outer.end)
    if (!member || member.tag === tag) return member
    if (member.isIndefinite) return undefined
    at = member.end
  }
  return undefined
}

/** Reads the outer shape of a CMS body (RFC 5652, BER as RFC 5652 §5.2 allows), no signature is checked. Never throws. */
export function readCms(bytes: Buffer): CmsContent {
  const info = elementAt(bytes, 0, bytes.length)
  const type = info && memberOf(bytes, info, OBJECT_ID)
  if (!info || !type) return { kind: 'other' }
  const name = bytes.subarray(type.from, type.end)
  if (name.equals(ENVELOPED_DATA) || name.equals(AUTH_ENVELOPED_DATA)) return { kind: 'enveloped' }
  if (!name.equals(SIGNED_DATA)) return { kind: 'other' }
  const wrapped = memberOf(bytes, info, EXPLICIT_0)
  const signed = wrapped && elementAt(bytes, wrapped.from, wrapped.end)
  const content = signed && encapsulated(bytes, signed)
  return content ? { kind: 'signed', content } : { kind: 'signed' }
}

/** encapContentInfo is the SEQUENCE after version and digestAlgorithms; its content stands in [0]. */
function encapsulated(bytes: Buffer, signed: Element): Buffer | undefined {
  const info = memberOf(bytes, signed, 0x30)
  const explicit = info && memberOf(bytes, info, EXPLICIT_0)
  const octets = explicit && elementAt(bytes, explicit.from, explicit.end)
  if (!octets) return undefined
  if (octets.tag === OCTET_STRING) return bytes.subarray(octets.from, octets.end)
  if (octets.tag !== OCTET_STRING_PARTS) return undefined
  const strings: Buffer[] = []
  for (let at = octets.from; at < octets.end && strings.length < STRINGS_MAX; ) {
    const part = elementAt(bytes, at, octets.end)
    // Two zero bytes end an indefinite length.
    if (!part || part.tag !== OCTET_STRING) break
    strings.push(bytes.subarray(part.from, part.end))
    at = part.end
  }
  return strings.length > 0 ? Buffer.concat(strings) : undefined
}
