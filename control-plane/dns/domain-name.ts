import { isIP } from 'node:net'
import { domainToASCII, domainToUnicode } from 'node:url'
import { parse } from 'tldts'
import { isLookAlike } from './look-alike.ts'

export type DomainNameRefusal =
  | 'empty'
  | 'not_a_name'
  | 'too_long'
  | 'ip_address'
  | 'single_label'
  | 'reserved'
  | 'public_suffix'
  | 'unknown_ending'

export type DomainNameWarning =
  /** The registrable name itself: it cannot be delegated away from under its web site and mail. */
  | 'apex'
  /** Letters of several scripts, or letters that look like Latin ones. */
  | 'look_alike'

export type DomainNameReading =
  | {
      readonly kind: 'ok'
      /** A-labels, lower case, no final dot. */
      readonly domainName: string
      /** As people write it. */
      readonly unicodeName: string
      readonly registrableName: string
      readonly warnings: readonly DomainNameWarning[]
    }
  | { readonly kind: 'refused'; readonly code: DomainNameRefusal; readonly sentence: string }

/** So much is left for `<64 characters>._domainkey.` and other names below (RFC 1035: 253 in all). */
const NAME_CHARACTERS_MAX = 180
const LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/
/** Special-use names (RFC 6761, RFC 7686, RFC 9476 and IANA's registry): never in public DNS. */
const RESERVED = ['localhost', 'local', 'test', 'invalid', 'example', 'internal', 'onion', 'arpa', 'alt', 'lan', 'home']

const SENTENCES: Readonly<Record<DomainNameRefusal, string>> = {
  empty: 'Enter a domain name, such as invites.example.com.',
  not_a_name: 'This is not a domain name. Enter it without http:// and without a path, such as invites.example.com.',
  too_long: `A domain name for invites has at most ${NAME_CHARACTERS_MAX} characters.`,
  ip_address: 'Enter a domain name, not an IP address.',
  single_label: 'Enter a full domain name, such as invites.example.com.',
  reserved: 'This ending is reserved and does not exist in public DNS.',
  public_suffix: 'Under this name everybody can register names; it cannot belong to one licensee.',
  unknown_ending: 'This ending does not exist in public DNS.',
}

function refused(code: DomainNameRefusal): DomainNameReading {
  return { kind: 'refused', code, sentence: SENTENCES[code] }
}

/** Reads what a person entered as a domain name. `allowsReserved` is for the embedded runtime, whose DNS is its own. */
export function readDomainName(entered: string, settings: { readonly allowsReserved: boolean }): DomainNameReading {
  const text = entered.trim().replace(/[.\u3002]$/u, '')
  if (text === '') return refused('empty')
  if (isIP(text.replace(/^\[(.*)\]$/, '$1')) !== 0) return refused('ip_address')
  // What the URL host parser would decode or drop is refused before it comes there.
  if (/[\s/\\:@?#%[\]<>^|_*]/u.test(text)) return refused('not_a_name')
  const domainName = domainToASCII(text).toLowerCase()
  // The URL host parser reads 0x7f.1 and 2130706433 as addresses.
  if (isIP(domainName) !== 0 || /(^|\.)\d+$/.test(domainName)) return refused('ip_address')
  const labels = domainName.split('.')
  // RFC 5891 section 5.4: what starts with xn-- and is no A-label would be shown as something else than it is.
  const isDecoded = !/(^|\.)xn--/.test(domainToUnicode(domainName))
  if (!isDecoded || !labels.every((label) => LABEL.test(label))) return refused('not_a_name')
  if (domainName.length > NAME_CHARACTERS_MAX) return refused('too_long')
  if (labels.length === 1 && !(settings.allowsReserved && domainName === 'localhost')) return refused('single_label')
  return readEnding(domainName, settings.allowsReserved)
}

function readEnding(domainName: string, allowsReserved: boolean): DomainNameReading {
  const unicodeName = domainToUnicode(domainName)
  const isReserved = RESERVED.includes(domainName.split('.').at(-1) ?? '')
  if (isReserved && !allowsReserved) return refused('reserved')
  const { domain, isIcann, isPrivate } = parse(domainName, { allowPrivateDomains: true })
  if (!isReserved && isIcann !== true && isPrivate !== true) return refused('unknown_ending')
  if (!isReserved && domain === null) return refused('public_suffix')
  const registrableName = domain ?? domainName
  const warnings: DomainNameWarning[] = []
  if (registrableName === domainName) warnings.push('apex')
  if (isLookAlike(unicodeName)) warnings.push('look_alike')
  return { kind: 'ok', domainName, unicodeName, registrableName, warnings }
}
