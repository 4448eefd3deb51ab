import type { Verdict } from '#shared/imip/authentication.ts'
import type { Signature } from './mailauth.ts'

/** RFC 8601 §2.7.2 SPF results in SES's words; softfail is no permission, and neutral and none say nothing. */
export function spfVerdict(result: string): Verdict {
  if (result === 'pass') return 'PASS'
  if (result === 'fail' || result === 'softfail') return 'FAIL'
  if (result === 'none' || result === 'neutral') return 'GRAY'
  return 'PROCESSING_FAILED'
}

/**
 * One whole signature that verifies is a PASS, whatever else is there. A signature with l= never counts: what follows its length
 * could be anybody's. Failed lookups of keys are PROCESSING_FAILED, since the same mail may pass later.
 */
export function dkimVerdict(
  signatures: readonly Signature[],
  signaturesInHeader: number,
): { readonly dkim: Verdict; readonly dkimDomains: readonly string[] } {
  const verified = signatures.filter(({ result, isPartial }) => result === 'pass' && !isPartial)
  const dkimDomains = [...new Set(verified.map(({ domain }) => domain))]
  if (dkimDomains.length > 0) return { dkim: 'PASS', dkimDomains }
  if (signatures.some(({ result }) => result === 'temperror')) return { dkim: 'PROCESSING_FAILED', dkimDomains }
  return { dkim: signaturesInHeader > 0 ? 'FAIL' : 'GRAY', dkimDomains }
}

/**
 * A DMARC result; undefined when From names no single domain, which no honest mail does (RFC 9989 §11.5): FAIL.
 * A failure that DNS may have caused (`wasHindered`) is not held against the sender.
 */
export function dmarcVerdict(result: string | undefined, wasHindered: boolean): Verdict {
  if (result === 'pass') return 'PASS'
  if (result === 'none') return 'GRAY'
  if (result === undefined) return 'FAIL'
  if (result === 'fail' && !wasHindered) return 'FAIL'
  return 'PROCESSING_FAILED'
}
