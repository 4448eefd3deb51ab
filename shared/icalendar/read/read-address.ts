import type { CalendarAddress, Partstat } from '../model.ts'
import type { RawLine } from './components.ts'
import { NAME_CHARS_MAX } from './limits.ts'
import { type Property, readAddressProperty } from './property.ts'

/** RFC 5321 §4.5.3.1: 64 octets, `@`, 255. */
const ADDRESS_CHARS_MAX = 320
const MAILBOX = /^(?:[^\s@<>()[\]\\,;:"\p{Cc}]+|"[^"\p{Cc}]+")@[\p{L}\p{N}](?:[\p{L}\p{N}.-]*[\p{L}\p{N}])?$/u

const PARTSTATS: ReadonlyMap<string, Partstat> = new Map(
  (['NEEDS-ACTION', 'ACCEPTED', 'DECLINED', 'TENTATIVE', 'DELEGATED'] as const).map((name) => [name, name]),
)

/** iCloud invites name a relay mailbox as ORGANIZER; the human is in the EMAIL parameter (RFC 7986 §6.2). */
const RELAY_DOMAIN = /@imip\.me\.com$/

/** An ORGANIZER or ATTENDEE line. `address` is '' when neither the value nor EMAIL holds a mailbox. */
export function readAddress(line: RawLine): CalendarAddress {
  const property = readAddressProperty(line)
  const written = readMailbox(property.value)
  const email = readMailbox(first(property, 'EMAIL') ?? '')
  const address = email !== '' && (written === '' || RELAY_DOMAIN.test(written)) ? email : written
  const name = readName(property, address)
  const partstat = first(property, 'PARTSTAT')?.trim().toUpperCase()
  const role = token(property, 'ROLE')
  const cutype = token(property, 'CUTYPE')
  const sentBy = readMailbox(first(property, 'SENT-BY') ?? '')
  const delegatedTo = mailboxes(property, 'DELEGATED-TO')
  const delegatedFrom = mailboxes(property, 'DELEGATED-FROM')
  return {
    address,
    ...(name !== undefined && { name }),
    // RFC 5545 §3.2.12: an unknown PARTSTAT is treated as NEEDS-ACTION.
    ...(partstat !== undefined && { partstat: PARTSTATS.get(partstat) ?? 'NEEDS-ACTION' }),
    ...(role !== undefined && { role }),
    ...(cutype !== undefined && { cutype }),
    ...(sentBy !== '' && { sentBy }),
    ...(delegatedTo.length > 0 && { delegatedTo }),
    ...(delegatedFrom.length > 0 && { delegatedFrom }),
  }
}

/**
 * The mailbox in a CAL-ADDRESS: percent-decoded, without `mailto:`, display name and query, domain in lower case; '' for X.500,
 * urn:, `invalid:nomail` and whatever else is no mailbox (case 31).
 */
export function readMailbox(value: string): string {
  const bare = value.trim().replace(/^(?:mailto:\s*)+/i, '')
  if (!bare.includes('@') && !bare.includes('%40')) return ''
  const decoded = percentDecoded(bare.replace(/\?.*$/s, ''))
  const angled = /<([^<>]*)>[^<>]*$/.exec(decoded)?.[1] ?? decoded
  const mailbox = angled
    .trim()
    .replaceAll(/^'|'$/g, '')
    .replace(/^mailto:/i, '')
  if (mailbox.length > ADDRESS_CHARS_MAX || !MAILBOX.test(mailbox)) return ''
  const at = mailbox.lastIndexOf('@')
  return mailbox.slice(0, at) + mailbox.slice(at).toLowerCase()
}

/** A stray `%` is text, not an error. */
function percentDecoded(text: string): string {
  if (!text.includes('%')) return text
  try {
    return decodeURIComponent(text)
  } catch (error) {
    if (error instanceof URIError) return text
    throw error
  }
}

function readName(property: Property, address: string): string | undefined {
  const name = (property.params.get('CN') ?? [])
    .join(',')
    .replaceAll(/\\([",;\\])/g, '$1')
    .replaceAll(/[\s\p{Cc}]+/gu, ' ')
    .trim()
    .slice(0, NAME_CHARS_MAX)
  return name === '' || name.toLowerCase() === address.toLowerCase() ? undefined : name
}

function token(property: Property, name: string): string | undefined {
  const value = first(property, name)?.trim().toUpperCase()
  return value !== undefined && /^[\w-]{1,64}$/.test(value) ? value : undefined
}

function first(property: Property, name: string): string | undefined {
  return property.params.get(name)?.[0]
}

function mailboxes(property: Property, name: string): readonly string[] {
  return (property.params.get(name) ?? []).map(readMailbox).filter((mailbox) => mailbox !== '')
}
