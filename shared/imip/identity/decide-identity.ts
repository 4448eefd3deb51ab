import type { CalendarAddress } from '#shared/icalendar/model.ts'
import type { Authentication, Verdict } from '../authentication.ts'
import type { MailAddress } from '../disassembled-mail.ts'
import { domainOf, isAligned, isSameDomain } from './alignment.ts'
import { type ExceptionName, IDENTITY_EXCEPTIONS, type OriginShape } from './exceptions.ts'
import { isUnread } from './robots.ts'
import { bindableDomains } from './signing-domains.ts'

/** A From address whose owner clicked the confirmation link of a mail signed by that domain. */
export type ConfirmedAddress = { readonly address: string; readonly signingDomain: string }

export type IdentityInput = {
  readonly authentication: Authentication
  readonly from: readonly MailAddress[]
  readonly sender?: MailAddress | undefined
  readonly replyTo: readonly MailAddress[]
  /** ORGANIZER of the calendar in the mail: never an identity, it only picks a row of the exceptions. */
  readonly organizer: CalendarAddress | undefined
  readonly confirmedAddresses?: readonly ConfirmedAddress[]
  /** Whether the tenant lets this address create; absent: everybody may. */
  readonly isAllowed?: (address: string) => boolean
  /** Our own mailboxes (create@, r-…@): mail from one of them is a loop. */
  readonly isOwnAddress?: (address: string) => boolean
}

type DirectEvidence = 'dmarc' | 'aligned_dkim' | 'aligned_spf'

export type IdentityRefused =
  | 'virus'
  | 'spam'
  | 'no_from'
  | 'several_from'
  | 'bad_from'
  | 'own_address'
  | 'nobody_reads'
  | 'not_allowed'

export type Identity =
  | {
      readonly kind: 'authenticated'
      readonly address: string
      readonly by: DirectEvidence | 'loopback' | 'confirmed' | `exception:${ExceptionName}`
    }
  /** Ask `address` by one link, at most once per 24 h; store the answer for these signing domains, if any. */
  | { readonly kind: 'needs_confirmation'; readonly address: string; readonly bindableDomains: readonly string[] }
  | { readonly kind: 'refused'; readonly reason: IdentityRefused }

/**
 * What each DMARC verdict allows to count. PASS stands alone. GRAY is a domain without a policy: there only a signature or an
 * envelope of the From's own organization speaks for it. FAIL says that the owner disowns the mail, and PROCESSING_FAILED that
 * nobody looked: nothing in the mail makes up for either, only the owner's own click.
 */
const EVIDENCE_BY_DMARC: Record<Verdict, readonly DirectEvidence[]> = {
  PASS: ['dmarc'],
  GRAY: ['aligned_dkim', 'aligned_spf'],
  FAIL: [],
  PROCESSING_FAILED: [],
}

/** One mailbox, no quotes, no comments: what a person has as From. RFC 5321 §4.5.3.1.3 bounds its length. */
const PLAIN_ADDRESS = /^[^\s@<>()[\]\\,;:"\p{Cc}]+@[\p{L}\p{N}](?:[\p{L}\p{N}.-]*[\p{L}\p{N}])?$/u
const ADDRESS_CHARS_MAX = 254

/** Whose mail this is: the authenticated From, but for the written exceptions. Nothing of the mail's own headers proves anything. */
export function decideIdentity(input: IdentityInput): Identity {
  const { authentication, from } = input
  if (authentication.virus === 'FAIL') return refused('virus')
  if (authentication.spam === 'FAIL') return refused('spam')
  const only = from[0]
  if (only === undefined) return refused('no_from')
  // Two addresses in From: receivers disagree on which of them DMARC spoke of.
  if (from.length > 1) return refused('several_from')
  const address = only.address.toLowerCase()
  if (!isPlainAddress(address, authentication.isTrustedLoopback)) return refused('bad_from')
  if (input.isOwnAddress?.(address)) return refused('own_address')
  return decideHuman(input, { from: address, replyTo: input.replyTo, organizer: input.organizer })
}

function decideHuman(input: IdentityInput, shape: OriginShape): Identity {
  const { authentication } = input
  const row = IDENTITY_EXCEPTIONS.find((exception) => exception.human(shape) !== undefined)
  const address = row?.human(shape) ?? shape.from
  if (row === undefined && isUnread(address)) return refused('nobody_reads')
  if (!isPlainAddress(address, authentication.isTrustedLoopback)) return refused('bad_from')
  if (input.isOwnAddress?.(address)) return refused('own_address')
  if (input.isAllowed?.(address) === false) return refused('not_allowed')
  const evidence = evidenceFor(shape.from, authentication)
  const isEnough = evidence === 'loopback' || (evidence !== undefined && row?.trust !== 'on_confirmation')
  if (isEnough) {
    return { kind: 'authenticated', address, by: row === undefined ? evidence : `exception:${row.name}` }
  }
  if (isConfirmed(address, input)) return { kind: 'authenticated', address, by: 'confirmed' }
  return { kind: 'needs_confirmation', address, bindableDomains: bindableDomains(authentication.dkimDomains) }
}

function evidenceFor(from: string, authentication: Authentication): DirectEvidence | 'loopback' | undefined {
  if (authentication.isTrustedLoopback) return 'loopback'
  const domainName = domainOf(from)
  const { authorDomain } = authentication
  // Two parsers may read two addresses in one hostile From: a PASS then speaks of somebody else's domain, and silence of nobody's.
  const speaksOfFrom = authorDomain !== undefined && isSameDomain(authorDomain, domainName)
  const holds: Record<DirectEvidence, boolean> = {
    dmarc: authentication.dmarc === 'PASS' && speaksOfFrom,
    aligned_dkim: authentication.dkimDomains.some((signer) => isAligned(signer, domainName)),
    aligned_spf: authentication.spf === 'PASS' && isAligned(domainOf(authentication.envelopeFrom), domainName),
  }
  return EVIDENCE_BY_DMARC[authentication.dmarc].find((evidence) => holds[evidence])
}

function isConfirmed(address: string, { authentication, confirmedAddresses }: IdentityInput): boolean {
  const signers = bindableDomains(authentication.dkimDomains)
  return (confirmedAddresses ?? []).some(
    (one) => one.address.toLowerCase() === address && signers.includes(one.signingDomain.toLowerCase()),
  )
}

function isPlainAddress(address: string, isLoopback: boolean): boolean {
  const domainName = domainOf(address)
  if (address.length > ADDRESS_CHARS_MAX || !PLAIN_ADDRESS.test(address) || domainName.includes('..')) return false
  return isLoopback || domainName.includes('.')
}

function refused(reason: IdentityRefused): Identity {
  return { kind: 'refused', reason }
}
