import type { DomainState } from './domain.ts'

/** What is learnt of a domain, by the engine's own looks and by SES and ACM; nobody else moves it. */
export const DOMAIN_EVENTS = [
  'delegation_seen',
  'records_served',
  'identity_asked',
  'dkim_seen',
  'mailfrom_seen',
  'certificate_issued',
  'went_wrong',
  'came_back',
  'given_up',
  'released',
] as const
export type DomainEvent = (typeof DOMAIN_EVENTS)[number]

export type DomainFacts = {
  /** The parent names our servers, or our claim token is in the domain. */
  readonly isClaimProven?: boolean
}

export type DomainTransition = {
  readonly event: DomainEvent
  readonly from: readonly DomainState[]
  readonly to: DomainState
  readonly needsProof?: true
}

const onTheWay = ['claimed', 'delegated', 'zone_ok', 'dkim_pending', 'mailfrom_pending', 'cert_pending'] as const

/** Every transition there is. A domain that the licensee keeps himself is never delegated: it goes from claimed to its records. */
export const domainTransitions: readonly DomainTransition[] = [
  { event: 'delegation_seen', from: ['claimed'], to: 'delegated', needsProof: true },
  { event: 'records_served', from: ['delegated', 'claimed'], to: 'zone_ok', needsProof: true },
  { event: 'identity_asked', from: ['zone_ok', 'delegated'], to: 'dkim_pending' },
  { event: 'dkim_seen', from: ['dkim_pending'], to: 'mailfrom_pending' },
  { event: 'mailfrom_seen', from: ['mailfrom_pending'], to: 'cert_pending' },
  { event: 'certificate_issued', from: ['cert_pending'], to: 'verified' },
  { event: 'went_wrong', from: ['verified'], to: 'drifted' },
  { event: 'came_back', from: ['drifted', 'lost'], to: 'verified', needsProof: true },
  { event: 'given_up', from: ['drifted'], to: 'lost' },
  { event: 'released', from: [...onTheWay, 'verified', 'drifted', 'lost'], to: 'released' },
]

export type DomainDecision =
  | { readonly kind: 'moved'; readonly to: DomainState }
  | { readonly kind: 'not_from_here' }
  | { readonly kind: 'not_proven' }

/** Where `event` leads from `from`; a domain is never taken for somebody's without proof. */
export function decideDomain(from: DomainState, event: DomainEvent, facts: DomainFacts): DomainDecision {
  const transition = domainTransitions.find((row) => row.event === event && row.from.includes(from))
  if (transition === undefined) return { kind: 'not_from_here' }
  if (transition.needsProof === true && facts.isClaimProven !== true) return { kind: 'not_proven' }
  return { kind: 'moved', to: transition.to }
}
