import { Readable } from 'node:stream'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { DMARCResult, SPFResult } from 'mailauth'
import type { DnsResolver } from './dns-resolver.ts'

/** The product's own server name is not put into any header we write from this; SPF macros may ask for it. */
const MTA = 'mail-authentication.invalid'

/** Bits; RFC 8301 §3.2: verifiers must not count shorter RSA keys. */
const RSA_BITS_MIN = 1024

/** Hashed at a stretch; between two slices other work of the process gets its turn (a hostile 30 MB costs seconds). */
const SLICE_BYTES = 64 * 1024

/** A mail may carry several signatures over megabytes whose canonical form is slow to make: longer than this nobody is kept waiting. */
const HASHING_MS_MAX = 5000

/** The mail's signatures cost more to check than one mail may; said of the mail, which then counts as not checked. */
export class HashingBudgetError extends Error {}

export type Signature = {
  readonly domain: string
  readonly result: string
  /** An l= tag was given: part of the body may not be covered (RFC 6376 §8.2). */
  readonly isPartial: boolean
}

export type CheckedSignatures = {
  readonly signatures: readonly Signature[]
  readonly fromAddresses: readonly string[]
  readonly fromFields: number
}

/** Verifies every DKIM signature over the mail by RFC 6376, 8301 and 8463 to the letter. */
export async function dkimOf(
  mail: Buffer,
  options: { resolver: DnsResolver; now: number; hashingMsMax?: number },
): Promise<CheckedSignatures> {
  const { dkimVerify } = await import('mailauth/lib/dkim/verify.js')
  const checked = await dkimVerify(Readable.from(slicesOf(mail, options.hashingMsMax ?? HASHING_MS_MAX)), {
    resolver: options.resolver,
    minBitLength: RSA_BITS_MIN,
    curTime: new Date(options.now),
    strict: true,
    // Given, so that no Return-Path header of the mail is read in its place.
    sender: 'nobody@invalid',
  })
  const signatures = checked.results
    .filter((signature) => signature.signingDomain !== undefined)
    .map((signature) => ({
      domain: (signature.signingDomain ?? '').toLowerCase(),
      result: signature.status.result,
      isPartial: signature.canonBodyLengthLimited === true,
    }))
  return { signatures, fromAddresses: checked.headerFrom, fromFields: checked.fromFields }
}

async function* slicesOf(mail: Buffer, withinMs: number): AsyncGenerator<Buffer> {
  const until = performance.now() + withinMs
  for (let at = 0; at < mail.length; at += SLICE_BYTES) {
    if (performance.now() > until) throw new HashingBudgetError('the signatures take too long to check')
    yield mail.subarray(at, at + SLICE_BYTES)
    await nextTurn()
  }
}

/** RFC 7208 check_host for MAIL FROM, or for HELO when the reverse-path is null. */
export async function spfOf(options: {
  readonly resolver: DnsResolver
  readonly remoteAddress: string
  readonly helo: string
  readonly envelopeFrom: string
  readonly withinMs: number
}): Promise<{ readonly domain: string; readonly result: string }> {
  const { spf } = await import('mailauth/lib/spf/index.js')
  const checked: SPFResult = await spf({
    resolver: options.resolver,
    ip: options.remoteAddress,
    helo: options.helo,
    sender: options.envelopeFrom,
    mta: MTA,
    maxElapsedTime: options.withinMs,
  })
  return { domain: checked.domain, result: checked.status.result }
}

/** DMARC (RFC 9989, the tree walk) over what passed; undefined when From names no one domain. */
export async function dmarcOf(options: {
  readonly resolver: DnsResolver
  readonly fromAddresses: readonly string[]
  readonly fromFields: number
  readonly spfDomains: readonly string[]
  readonly dkimDomains: readonly string[]
}): Promise<{ readonly result: string; readonly authorDomain: string } | undefined> {
  const { dmarc } = await import('mailauth/lib/dmarc/index.js')
  const checked: DMARCResult | false = await dmarc({
    resolver: options.resolver,
    headerFrom: [...options.fromAddresses],
    fromFields: options.fromFields,
    spfDomains: [...options.spfDomains],
    dkimDomains: options.dkimDomains.map((domain) => ({ domain })),
  })
  if (checked === false) return undefined
  return { result: checked.status.result, authorDomain: checked.status.header?.from ?? '' }
}
