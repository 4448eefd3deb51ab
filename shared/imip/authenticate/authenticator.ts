import type { Authentication, Verdict } from '#shared/imip/authentication.ts'
import type { Clock } from '#shared/platform/small-ports.ts'
import { type DnsResolver, resolverOf, withinBudget } from './dns-resolver.ts'
import { gateMail } from './gate-mail.ts'
import { isLoopback } from './loopback.ts'
import { type CheckedSignatures, dkimOf, dmarcOf, HashingBudgetError, spfOf } from './mailauth.ts'
import { dkimVerdict, dmarcVerdict, spfVerdict } from './verdicts.ts'

/** One mail may ask this many questions: 10 of SPF with their addresses, 9 keys, two walks of DMARC, and some. */
const LOOKUPS_MAX = 80

/** All DNS of one mail, in milliseconds; the SMTP client is waiting meanwhile. */
const DNS_MS_MAX = 8000

/** RFC 5321 §4.5.3.1.3: a path has at most 256 octets. */
const ENVELOPE_FROM_CHARACTERS_MAX = 320

export type AuthenticatorOptions = {
  /** Takes the place of `dnsServers`; for tests and other runtimes. */
  readonly resolver?: DnsResolver
  /** `address` or `address:port`; the system's servers when absent. */
  readonly dnsServers?: readonly string[]
  /** Milliseconds for all DNS of one mail. */
  readonly dnsMsMax?: number
  readonly clock?: Clock
  /** Milliseconds for hashing what the signatures of one mail cover. */
  readonly hashingMsMax?: number
}

/** A mail as the SMTP server took it; `envelopeFrom` is '' for the null reverse-path. */
export type MailFromOutside = {
  readonly raw: Uint8Array
  readonly remoteAddress: string
  readonly helo: string
  readonly envelopeFrom: string
}

export type SignatureCheck = Pick<Authentication, 'dkim' | 'dkimDomains'>

type Ask = { readonly resolver: DnsResolver; readonly now: number; readonly hashingMsMax?: number }

/**
 * Who a mail is from, by SPF, DKIM and DMARC, in the words of an SES receipt: GRAY for "no record", PROCESSING_FAILED for
 * "could not be checked". Never throws over what a mail or a zone contains. Spam and virus are not judged here: GRAY.
 * With `trustLoopback` a mail from this very machine is believed without asking anyone.
 */
export function createAuthenticator(
  options: AuthenticatorOptions & { readonly trustLoopback: boolean },
): (mail: MailFromOutside) => Promise<Authentication> {
  return async (mail) => {
    const isTrustedLoopback = options.trustLoopback && isLoopback(mail.remoteAddress)
    const envelopeFrom = mail.envelopeFrom.toLowerCase()
    const known = { spam: 'GRAY', virus: 'GRAY', envelopeFrom, isTrustedLoopback } as const
    if (isTrustedLoopback) return { ...known, spf: 'GRAY', dkim: 'GRAY', dmarc: 'GRAY', dkimDomains: [] }
    const found = await withDns(options, (ask) => authenticate(ask, { ...mail, envelopeFrom }, options))
    return { ...known, ...found }
  }
}

/**
 * What is known of a mail whose way here is unknown, because its receipt is lost: its signatures can be checked, SPF and so DMARC cannot.
 */
export function createReceiptlessAuthenticator(
  options: AuthenticatorOptions,
): (raw: Uint8Array) => Promise<Authentication> {
  const verify = createSignatureVerifier(options)
  return async (raw) => ({
    ...(await verify(raw)),
    spf: 'PROCESSING_FAILED',
    dmarc: 'PROCESSING_FAILED',
    spam: 'GRAY',
    virus: 'GRAY',
    envelopeFrom: '',
    isTrustedLoopback: false,
  })
}

/** DKIM alone: which domains signed the whole of these bytes. */
export function createSignatureVerifier(options: AuthenticatorOptions): (raw: Uint8Array) => Promise<SignatureCheck> {
  return (raw) =>
    withDns(options, async (ask) => {
      const { dkim, dkimDomains } = await checkSignatures(ask, raw)
      return { dkim, dkimDomains }
    })
}

async function authenticate(
  ask: Ask,
  mail: MailFromOutside,
  options: AuthenticatorOptions,
): Promise<Pick<Authentication, 'spf' | 'dkim' | 'dmarc' | 'dkimDomains' | 'authorDomain'>> {
  const [spf, signed] = await Promise.all([
    checkSpf(ask, mail, options.dnsMsMax ?? DNS_MS_MAX),
    checkSignatures(ask, mail.raw),
  ])
  const { dkim, dkimDomains } = signed
  if (signed.from === undefined) return { spf: spf.verdict, dkim, dkimDomains, dmarc: 'PROCESSING_FAILED' }
  const spfDomains = spf.verdict === 'PASS' ? [spf.domain] : []
  const checked = await dmarcOf({ ...ask, ...signed.from, spfDomains, dkimDomains })
  const wasHindered = spf.verdict === 'PROCESSING_FAILED' || dkim === 'PROCESSING_FAILED'
  const dmarc = dmarcVerdict(checked?.result, wasHindered)
  return { spf: spf.verdict, dkim, dkimDomains, dmarc, ...(checked ? { authorDomain: checked.authorDomain } : {}) }
}

async function checkSpf(
  ask: Ask,
  mail: MailFromOutside,
  withinMs: number,
): Promise<{ readonly verdict: Verdict; readonly domain: string }> {
  if (mail.envelopeFrom.length > ENVELOPE_FROM_CHARACTERS_MAX) return { verdict: 'PROCESSING_FAILED', domain: '' }
  const { domain, result } = await spfOf({ ...mail, resolver: ask.resolver, withinMs })
  return { verdict: spfVerdict(result), domain }
}

async function checkSignatures(
  ask: Ask,
  raw: Uint8Array,
): Promise<SignatureCheck & { readonly from?: Pick<CheckedSignatures, 'fromAddresses' | 'fromFields'> }> {
  const gated = gateMail(raw)
  if (gated.kind === 'refused') return { dkim: 'PROCESSING_FAILED', dkimDomains: [] }
  const checked = await dkimOf(gated.mail, ask).catch((error: unknown) => {
    if (!(error instanceof HashingBudgetError)) throw error
    return undefined
  })
  if (checked === undefined) return { dkim: 'PROCESSING_FAILED', dkimDomains: [] }
  const { signatures, fromAddresses, fromFields } = checked
  const from = { fromAddresses, fromFields: Math.max(fromFields, gated.fromFields) }
  if (gated.repeatsSingleField) return { dkim: gated.signatures > 0 ? 'FAIL' : 'GRAY', dkimDomains: [], from }
  return { ...dkimVerdict(signatures, gated.signatures), from }
}

async function withDns<T>(options: AuthenticatorOptions, check: (ask: Ask) => Promise<T>): Promise<T> {
  const withinMs = options.dnsMsMax ?? DNS_MS_MAX
  const resolver = withinBudget(options.resolver ?? resolverOf(options.dnsServers), {
    lookupsMax: LOOKUPS_MAX,
    withinMs,
  })
  try {
    return await check({
      resolver,
      now: options.clock?.now() ?? Date.now(),
      ...(options.hashingMsMax === undefined ? {} : { hashingMsMax: options.hashingMsMax }),
    })
  } finally {
    resolver.done()
  }
}
