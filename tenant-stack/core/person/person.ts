import type { Ctx } from '../context.ts'
import { normalizeAddress } from '../mailbox/mailbox.ts'

/** A person as an erasure or an export knows him: by one address. */
export type Person = {
  /** Normalized. */
  readonly address: string
  /** SHA-256 of the address, lower-case hex. */
  readonly hash: string
  /** Stands for him where a row must stay; no mail reaches it (RFC 2606 §2, `.invalid`). */
  readonly pseudonym: string
  /** Whether a text names him, in any of the ways an address is written in mail, links and JSON. */
  readonly isNamedIn: (text: string) => boolean
  readonly redact: (text: string) => string
}

const PSEUDONYM_DIGITS = 12
/** Commercial at as it is, percent-encoded (RFC 3986), quoted-printable (RFC 2045) or as a character reference. */
const AT = '(?:@|%40|=40|&#(?:64|x40);)'
/** What may stand before an address without being of it: `joann@` does not name `ann@`. JSON escapes and an encoded colon end in letters. */
const BEFORE = String.raw`(?:(?<![a-z0-9._%+'-])|(?<=\\[nrt])|(?<=%3a))`
const AFTER = String.raw`(?![a-z0-9-]|\.[a-z0-9])`

export function personOf(ctx: Pick<Ctx, 'sha256'>, given: string): Person {
  const address = normalizeAddress(given)
  const hash = ctx.sha256(address)
  const pseudonym = `erased-${hash.slice(0, PSEUDONYM_DIGITS)}@erased.invalid`
  const at = address.lastIndexOf('@')
  const pattern = `${BEFORE}${literal(address.slice(0, at))}${AT}${literal(address.slice(at + 1))}${AFTER}`
  const one = new RegExp(pattern, 'i')
  const all = new RegExp(pattern, 'gi')
  return {
    address,
    hash,
    pseudonym,
    isNamedIn: (text) => one.test(text),
    redact: (text) => text.replaceAll(all, pseudonym),
  }
}

function literal(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`)
}
