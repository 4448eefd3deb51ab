import { verify } from 'node:crypto'
import {
  LICENCE_SILENCE_DAYS_MAX,
  LICENCE_STANDINGS,
  LicenceFile,
  LicencePayload,
  type LicenceStandingCode,
  type LicenceState,
} from '#shared/contracts/licence-file.ts'
import type { LicenceKeys } from './licence-keys.ts'
import { LICENCE_CONTEXT } from './signing-context.ts'

const DAY_MS = 24 * 3600 * 1000

/** Clocks that differ by less are believed; further off, a clock set back would prolong a licence. */
export const LICENCE_SKEW_MS = DAY_MS

/** What a stack makes of its licence. */
export type LicenceStanding = {
  /** The first that holds, in the order of `LICENCE_STANDINGS`. */
  readonly code: LicenceStandingCode
  /** True when nothing but GRACE holds: GRACE is told before DOMAIN_MISMATCH, and yet a foreign licence works nowhere. */
  readonly isWorking: boolean
  /** Why, in a word for logs. */
  readonly reason: string
  readonly payload?: LicencePayload
}

type Finding = { readonly code: LicenceStandingCode; readonly reason: string }

type Holder = {
  readonly tenantId: string
  /** The stack's own domain, compared whole by labels. */
  readonly domainName: string
  /** Entitlements without which the act in question is refused. */
  readonly needs?: readonly string[]
}

/** A licence that nobody asks for (no keys configured): all works, nothing is limited. */
export const unlicensed: LicenceStanding = { code: 'VALID', isWorking: true, reason: 'not_asked_for' }

/**
 * The payload of a file that a known key has signed for this tenant; undefined for anything else. The signature is checked over the
 * very bytes before they are parsed, so that nothing unsigned is ever read.
 */
export function openLicenceFile(input: unknown, keys: LicenceKeys, tenantId: string): LicencePayload | undefined {
  const file = LicenceFile.safeParse(input).data
  const key = file === undefined ? undefined : keys.get(file.kid)
  if (file === undefined || key === undefined) return undefined
  const bytes = Buffer.from(file.payload, 'base64url')
  const signed = Buffer.concat([Buffer.from(LICENCE_CONTEXT), bytes])
  if (!verify(null, signed, key, Buffer.from(file.signature, 'base64url'))) return undefined
  const payload = LicencePayload.safeParse(parseJson(bytes)).data
  // Another tenant's licence is none of ours, whatever it says.
  return payload?.tenantId === tenantId ? payload : undefined
}

/** Of several files the one issued last, so that none can be put back in the place of a newer one. */
export function newestLicence(payloads: readonly (LicencePayload | undefined)[]): LicencePayload | undefined {
  return payloads.reduce(
    (newest, one) => (newest === undefined || (one !== undefined && one.issuedAt > newest.issuedAt) ? one : newest),
    undefined,
  )
}

/** Judges an opened licence (undefined: there is none) at `now`, epoch milliseconds. Pure. */
export function judgeLicence(payload: LicencePayload | undefined, holder: Holder, now: number): LicenceStanding {
  if (payload === undefined) return { code: 'NOT_FOUND', isWorking: false, reason: 'no_genuine_file' }
  const findings = [
    ...(payload.isBanned ? [found('BANNED', 'held_for_abuse')] : []),
    ...stateFindings(payload.state),
    ...timeFindings(payload, now),
    ...(isSameName(payload.domainName, holder.domainName) ? [] : [found('DOMAIN_MISMATCH', 'of_another_domain')]),
    ...(holder.needs ?? [])
      .filter((name) => payload.entitlements[name] !== true)
      .map((name) => found('ENTITLEMENT_MISSING', name)),
  ]
  const [first = found('VALID', 'in_force')] = findings.toSorted((a, b) => rank(a) - rank(b))
  return { ...first, isWorking: findings.every(({ code }) => code === 'GRACE'), payload }
}

function found(code: LicenceStandingCode, reason: string): Finding {
  return { code, reason }
}

function rank({ code }: Finding): number {
  return LICENCE_STANDINGS.indexOf(code)
}

function stateFindings(state: LicenceState): readonly Finding[] {
  switch (state) {
    case 'active':
    case 'renewal_due':
    case 'disputed':
      return []
    case 'past_due':
    case 'grace':
      return [found('GRACE', state)]
    case 'draft':
    case 'checkout_pending':
    case 'suspended':
    case 'refunded':
      return [found('SUSPENDED', state)]
    case 'expired':
    case 'closed':
      return [found('EXPIRED', state)]
  }
}

/**
 * Within 30 days of its issue the vendor's last word on the state holds: past `notAfter` all still works, until `graceUntil` where the
 * file names one, since a renewal that is being paid must not stop anybody's mail. A file older than that says nothing any more.
 */
function timeFindings(payload: LicencePayload, now: number): readonly Finding[] {
  const { notBefore, notAfter, graceUntil, issuedAt } = payload
  const findings: Finding[] = []
  if (now < notBefore - LICENCE_SKEW_MS) findings.push(found('SUSPENDED', 'not_begun'))
  if (now < issuedAt - LICENCE_SKEW_MS) findings.push(found('SUSPENDED', 'clock_behind'))
  if (now > issuedAt + LICENCE_SILENCE_DAYS_MAX * DAY_MS) findings.push(found('EXPIRED', 'vendor_silent'))
  if (now > notAfter)
    findings.push(
      graceUntil !== undefined && now > Math.max(graceUntil, notAfter)
        ? found('EXPIRED', 'grace_over')
        : found('GRACE', 'past_its_end'),
    )
  return findings
}

/** DNS names know no case, and a last dot only says that nothing follows (RFC 4343, RFC 1034 section 3.1). */
function isSameName(a: string, b: string): boolean {
  const plain = (name: string) => name.toLowerCase().replace(/\.$/, '')
  return plain(a) === plain(b)
}

function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'))
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    return undefined
  }
}
