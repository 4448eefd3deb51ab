import type { LicenceState } from '#shared/contracts/licence-file.ts'
import { WORKING_STATES } from '#shared/contracts/licence-file.ts'
import { type Actor, countsAs, type Mover } from '../actor.ts'
import type { TenantState } from './tenant.ts'

/** What can happen to a tenant. */
export const TENANT_EVENTS = [
  'licence_paid',
  'claim_lapsed',
  'placing_started',
  'slot_taken',
  'stack_made',
  'delegation_seen',
  'verified',
  'fault_seen',
  'fault_gone',
  'update_started',
  'update_done',
  'update_failed',
  'suspend',
  'suspend_done',
  'resume',
  'resume_done',
  'unbind',
  'retire',
  'export_done',
  'deprovision',
  'deprovision_done',
  'delete',
] as const
export type TenantEvent = (typeof TENANT_EVENTS)[number]

/** What guards look at. An absent fact is one that does not hold. */
export type TenantFacts = {
  readonly licenceState?: LicenceState
  readonly isAbuseHeld?: boolean
  /** The token of our claim was found in the domain, or the parent's delegation to our zone, which proves the same. */
  readonly isClaimProven?: boolean
  /** Everything we made reads back as gone, and nothing points at name servers that are ours no longer. */
  readonly isEverythingGone?: boolean
  readonly isRetentionOver?: boolean
  readonly isLegalHeld?: boolean
}

const guards = {
  none: () => true,
  licenceWorks: ({ licenceState }: TenantFacts) => licenceState !== undefined && WORKING_STATES.includes(licenceState),
  notAbuseHeld: ({ isAbuseHeld, licenceState }: TenantFacts) =>
    isAbuseHeld !== true && licenceState !== undefined && WORKING_STATES.includes(licenceState),
  claimProven: ({ isClaimProven }: TenantFacts) => isClaimProven === true,
  everythingGone: ({ isEverythingGone }: TenantFacts) => isEverythingGone === true,
  mayBeDeleted: ({ isRetentionOver, isLegalHeld }: TenantFacts) => isRetentionOver === true && isLegalHeld !== true,
} as const

export type TenantTransition = {
  readonly event: TenantEvent
  readonly from: readonly TenantState[]
  readonly to: TenantState
  readonly guard: keyof typeof guards
  readonly by: readonly Mover[]
}

const engine = ['system'] as const
const engineOrVendor = ['system', 'vendor_admin'] as const

/** Every transition there is. `retire` and `suspend` also leave states that a run is in the middle of: the engine ends that run first. */
export const tenantTransitions: readonly TenantTransition[] = [
  {
    event: 'licence_paid',
    from: ['registered'],
    to: 'paid',
    guard: 'licenceWorks',
    by: ['system', 'stripe', 'vendor_admin'],
  },
  // Nothing was made for it yet, so nothing is removed.
  { event: 'claim_lapsed', from: ['registered'], to: 'deleted', guard: 'none', by: engine },
  { event: 'placing_started', from: ['paid'], to: 'placing', guard: 'none', by: engine },
  { event: 'slot_taken', from: ['placing'], to: 'provisioning', guard: 'none', by: engine },
  { event: 'stack_made', from: ['provisioning'], to: 'awaiting_dns', guard: 'none', by: engine },
  { event: 'delegation_seen', from: ['awaiting_dns'], to: 'verifying', guard: 'claimProven', by: engine },
  { event: 'verified', from: ['verifying'], to: 'live', guard: 'licenceWorks', by: engine },
  { event: 'fault_seen', from: ['live'], to: 'degraded', guard: 'none', by: engine },
  { event: 'fault_gone', from: ['degraded'], to: 'live', guard: 'none', by: engine },
  {
    event: 'update_started',
    from: ['live', 'degraded', 'update_failed'],
    to: 'updating',
    guard: 'none',
    by: engineOrVendor,
  },
  { event: 'update_done', from: ['updating'], to: 'live', guard: 'none', by: engine },
  { event: 'update_failed', from: ['updating'], to: 'update_failed', guard: 'none', by: engine },
  {
    event: 'suspend',
    from: ['live', 'degraded', 'updating', 'update_failed', 'resuming'],
    to: 'suspending',
    guard: 'none',
    by: ['system', 'stripe', 'vendor_admin'],
  },
  { event: 'suspend_done', from: ['suspending'], to: 'suspended', guard: 'none', by: engine },
  {
    event: 'resume',
    from: ['suspended'],
    to: 'resuming',
    guard: 'notAbuseHeld',
    by: ['system', 'stripe', 'vendor_admin'],
  },
  { event: 'resume_done', from: ['resuming'], to: 'live', guard: 'none', by: engine },
  // Whatever it is in the middle of: the name is another's, and nothing of this tenant may hold it.
  {
    event: 'unbind',
    from: [
      'placing',
      'provisioning',
      'awaiting_dns',
      'verifying',
      'live',
      'degraded',
      'updating',
      'update_failed',
      'suspending',
      'suspended',
      'resuming',
    ],
    to: 'suspending',
    guard: 'none',
    by: engine,
  },
  {
    event: 'retire',
    from: [
      'registered',
      'paid',
      'placing',
      'provisioning',
      'awaiting_dns',
      'verifying',
      'live',
      'degraded',
      'updating',
      'update_failed',
      'suspending',
      'suspended',
      'resuming',
    ],
    to: 'export_preparing',
    guard: 'none',
    by: ['system', 'owner', 'vendor_admin'],
  },
  { event: 'export_done', from: ['export_preparing'], to: 'export_ready', guard: 'none', by: engine },
  { event: 'deprovision', from: ['export_ready'], to: 'deprovisioning', guard: 'none', by: engine },
  { event: 'deprovision_done', from: ['deprovisioning'], to: 'retained', guard: 'everythingGone', by: engine },
  { event: 'delete', from: ['retained'], to: 'deleted', guard: 'mayBeDeleted', by: engine },
]

export type TenantDecision =
  | { readonly kind: 'moved'; readonly to: TenantState }
  /** There is no such transition from this state: nothing to do for who heard it late, a mistake of who asked for it. */
  | { readonly kind: 'not_from_here' }
  | { readonly kind: 'not_allowed' }
  | { readonly kind: 'guarded'; readonly guard: string }

/** Where `event` leads from `from`, if `by` may cause it and its guard holds. */
export function decideTenant(
  from: TenantState,
  event: TenantEvent,
  by: Mover | undefined,
  facts: TenantFacts,
): TenantDecision {
  const transition = tenantTransitions.find((row) => row.event === event && row.from.includes(from))
  if (transition === undefined) return { kind: 'not_from_here' }
  if (by === undefined || !transition.by.includes(by)) return { kind: 'not_allowed' }
  if (!guards[transition.guard](facts)) return { kind: 'guarded', guard: transition.guard }
  return { kind: 'moved', to: transition.to }
}

/** The owner alone of a licensee's people moves a tenant. */
export function triggerOf(actor: Actor): Mover | undefined {
  return countsAs(actor, ['owner'])
}
