import type { Tenant } from '#control-plane/core/tenant/tenant.ts'
import type { RunKind } from './run.ts'
import { hasPlace } from './site.ts'
import type { StepName } from './step-names.ts'

type Row = { readonly name: StepName; readonly isFor?: (tenant: Tenant) => boolean }

const inCell = ({ placement }: Tenant) => placement === 'cell'
const inOwnAccount = ({ placement }: Tenant) => placement === 'dedicated'
const inCustomersAccount = ({ placement }: Tenant) => placement === 'customer'
const isDelegated = ({ dnsMode }: Tenant) => dnsMode === 'delegated'
const inPlacedCell = (tenant: Tenant) => inCell(tenant) && hasPlace(tenant)

/** Stack operations come in four: what would change, whether it may, do it, wait for it. */
const updateSteps: readonly Row[] = [
  { name: 'prepare_update' },
  { name: 'check_update' },
  { name: 'make_update' },
  { name: 'watch_update' },
]
const placedUpdateSteps = updateSteps.map((row) => ({ ...row, isFor: hasPlace }))

/** Nothing is called live before it was tried out: what may reach whom, what answers, and whether mail goes out and comes in. */
const smokeSteps: readonly Row[] = [{ name: 'prove_isolation' }, { name: 'smoke_test' }, { name: 'probe_mail' }]

/**
 * The order of steps. A route is there before the identity, or SES would accept mail for nobody. Identity and certificate are asked for
 * once the delegation is seen, because SES and ACM give up after 72 hours; when the licensee enters the records himself, theirs are what he
 * has to enter, so both come first and are renewed when it took longer.
 */
const rows: { readonly [K in RunKind]: readonly Row[] } = {
  provision: [
    { name: 'preflight' },
    { name: 'take_slot', isFor: inCell },
    { name: 'take_account', isFor: inOwnAccount },
    { name: 'link_account', isFor: inCustomersAccount },
    { name: 'check_place' },
    { name: 'make_zone', isFor: isDelegated },
    { name: 'prepare_stack' },
    { name: 'check_stack' },
    { name: 'make_stack' },
    { name: 'watch_stack' },
    { name: 'set_reputation_policy' },
    { name: 'write_route', isFor: inCell },
    { name: 'await_delegation', isFor: isDelegated },
    { name: 'make_identity' },
    { name: 'set_mail_from' },
    { name: 'ask_certificate' },
    { name: 'prove_certificate' },
    { name: 'write_records', isFor: isDelegated },
    { name: 'watch_records', isFor: isDelegated },
    { name: 'await_records' },
    { name: 'await_identity' },
    { name: 'await_certificate' },
    ...updateSteps,
    { name: 'await_web_hosts' },
    { name: 'write_licence' },
    ...smokeSteps,
    { name: 'go_live' },
  ],
  update: [{ name: 'read_send_rate' }, ...updateSteps, ...smokeSteps, { name: 'settle_live' }],
  suspend: [
    { name: 'stop_sending' },
    { name: 'suspend_route', isFor: inCell },
    { name: 'write_licence' },
    { name: 'settle_suspended' },
  ],
  resume: [
    { name: 'write_licence' },
    { name: 'activate_route', isFor: inCell },
    // SES may have given the domain up while it was away; asking it anew is nothing where it has not.
    { name: 'make_identity' },
    { name: 'set_mail_from' },
    { name: 'write_records', isFor: isDelegated },
    { name: 'watch_records', isFor: isDelegated },
    { name: 'await_identity' },
    { name: 'start_sending' },
    ...smokeSteps,
    { name: 'settle_live' },
  ],
  // The name is another's: host names and identity go, or he could not have them. The route stays until his takes its place, so that mail
  // which SES has taken already is kept.
  unbind: [
    { name: 'stop_sending', isFor: hasPlace },
    ...placedUpdateSteps,
    { name: 'remove_identity', isFor: hasPlace },
    { name: 'suspend_route', isFor: inPlacedCell },
    { name: 'settle_suspended' },
  ],
  // No mail is accepted that nobody can place: the identity goes before the route, and the route before the stack that it leads to.
  retire: [
    { name: 'stop_sending', isFor: hasPlace },
    { name: 'make_export' },
    { name: 'begin_removal' },
    ...placedUpdateSteps,
    { name: 'remove_identity', isFor: hasPlace },
    { name: 'remove_route', isFor: inPlacedCell },
    { name: 'remove_stack', isFor: hasPlace },
    { name: 'watch_stack_gone', isFor: hasPlace },
    { name: 'await_undelegated', isFor: (tenant) => hasPlace(tenant) && isDelegated(tenant) },
    { name: 'empty_zone', isFor: (tenant) => hasPlace(tenant) && isDelegated(tenant) },
    { name: 'remove_zone', isFor: (tenant) => hasPlace(tenant) && isDelegated(tenant) },
    { name: 'remove_certificate', isFor: hasPlace },
    { name: 'free_place', isFor: hasPlace },
    { name: 'settle_retained' },
  ],
  delete: [
    { name: 'delete_table', isFor: hasPlace },
    { name: 'delete_bucket', isFor: hasPlace },
    { name: 'delete_kept_zone', isFor: hasPlace },
    { name: 'close_account', isFor: (tenant) => inOwnAccount(tenant) && hasPlace(tenant) },
    { name: 'settle_deleted' },
  ],
}

/** Steps of a run for this tenant. The place of a tenant may come with the run: what needs one checks for itself then. */
export function stepsOf(kind: RunKind, tenant: Tenant): readonly StepName[] {
  return rows[kind].filter(({ isFor }) => isFor === undefined || isFor(tenant)).map(({ name }) => name)
}
