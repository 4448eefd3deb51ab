import type { TenantState } from '#control-plane/core/tenant/tenant.ts'

/** How a domain fares, for its licensee; what a licence has to say comes first. */
export const TENANT_WORDS: Readonly<Record<TenantState, string>> = {
  registered: 'It is set up when the licence is paid.',
  paid: 'It is being set up.',
  placing: 'It is being set up.',
  provisioning: 'It is being set up.',
  awaiting_dns: 'It waits for records in your DNS.',
  verifying: 'Its records in DNS are being checked.',
  live: 'It is live.',
  degraded: 'It is live, but something in DNS is not as it should be.',
  updating: 'It is live, and is being brought to the new release.',
  update_failed: 'It is live.',
  suspending: 'It is being suspended.',
  suspended: 'It is suspended: mail is received and kept, nothing is sent.',
  resuming: 'It is being brought back.',
  export_preparing: 'Its data is being prepared for export.',
  export_ready: 'Its data can be exported.',
  deprovisioning: 'It is being removed.',
  retained: 'It is removed; its data is kept for now.',
  deleted: 'Everything of it is deleted.',
}

/** States that pass by themselves, so that a page may look again. */
export const PASSING: readonly TenantState[] = [
  'paid',
  'placing',
  'provisioning',
  'verifying',
  'suspending',
  'resuming',
]
/** States in which records in DNS want a hand. */
export const WANTS_DNS: readonly TenantState[] = ['awaiting_dns', 'degraded']
