import addressparser from 'nodemailer/lib/addressparser'
import type { MailAddress } from '#shared/imip/disassembled-mail.ts'
import { decodeWords, headerText } from './encoded-words.ts'
import { ADDRESS_FIELD_BYTES_MAX, ADDRESSES_MAX } from './limits.ts'
import type { HeaderField } from './mail-part.ts'

/** `Name <local@domain>`, with no character that has a meaning of its own where it stands: most fields, at no parser's cost. */
const PLAIN_MAILBOX =
  /^(?:(?:"([A-Za-z0-9 ._=?+\-/*',:;@()&!#]*)"|([A-Za-z0-9 ._=?+\-/*']*)) +)?<([A-Za-z0-9._+\-=]+@[A-Za-z0-9.-]+)>$/
/** The address alone. */
const PLAIN_ADDRESS = /^[A-Za-z0-9._+\-=]+@[A-Za-z0-9.-]+$/
/** Above every real `Name <address>`. */
const PLAIN_MAILBOX_CHARACTERS_MAX = 320

/** The domain in lower case; the local part as written (RFC 5321 §2.4). */
function tidyAddress(address: string): string {
  const at = address.lastIndexOf('@')
  return at === -1 ? address : address.slice(0, at) + address.slice(at).toLowerCase()
}

/** Opening angle brackets outside quoted strings and comments: as many mailboxes a reader could see in the field. */
function angleCount(value: string): number {
  let count = 0
  let comment = 0
  let isQuoted = false
  for (let i = 0; i < value.length; i++) {
    const code = value.charCodeAt(i)
    if (code === 0x5c) i++
    else if (code === 0x22 && comment === 0) isQuoted = !isQuoted
    else if (isQuoted) continue
    else if (code === 0x28) comment++
    else if (code === 0x29 && comment > 0) comment--
    else if (code === 0x3c && comment === 0) count++
  }
  return count
}

/**
 * Every mailbox of every field of that name, groups opened, names decoded (RFC 2047), in order; `address` is '' where a name
 * stands alone. A field in which another reader could see more mailboxes than we did yields an empty one beside them,
 * so that "exactly one From" cannot be fooled.
 */
export function addressesOf(fields: readonly HeaderField[], name: string): readonly MailAddress[] {
  const found: MailAddress[] = []
  for (const field of fields) {
    if (field.name !== name || found.length >= ADDRESSES_MAX) continue
    const value = field.value.slice(0, ADDRESS_FIELD_BYTES_MAX)
    const parsed = parseField(value)
    for (const { address, name: label } of parsed) {
      // RFC 2047 §5: an encoded word is no part of an address, so the address stays as it was sent.
      const named = decodeWords(label).trim()
      found.push(
        named === ''
          ? { address: tidyAddress(headerText(address)) }
          : { address: tidyAddress(headerText(address)), name: named },
      )
    }
    if (angleCount(value) > parsed.length) found.push({ address: '' })
  }
  return found.slice(0, ADDRESSES_MAX)
}

type Parsed = { readonly address: string; readonly name: string }

function parseField(value: string): readonly Parsed[] {
  return parsePlain(value) ?? parseByLibrary(value)
}

/** The library's answer for a field of one plain mailbox; undefined for every other field. */
export function parsePlain(value: string): readonly Parsed[] | undefined {
  if (value.length > PLAIN_MAILBOX_CHARACTERS_MAX) return undefined
  if (PLAIN_ADDRESS.test(value)) return [{ name: '', address: value }]
  const plain = PLAIN_MAILBOX.exec(value)
  return plain ? [{ name: (plain[1] ?? plain[2] ?? '').trim(), address: plain[3] ?? '' }] : undefined
}

/** The one call of the address parser, and the oracle of our plain one in tests. */
export function parseByLibrary(value: string): readonly Parsed[] {
  try {
    return addressparser(value, { flatten: true })
  } catch (cause) {
    // A third-party parser may throw anything; a field nobody can parse is one mailbox nobody can name.
    return [{ address: '', name: cause instanceof Error ? value.slice(0, 64) : '' }]
  }
}
