import { isFailure } from '#shared/errors/failure.ts'
import type { AuditEntry } from '../audit/audit.ts'
import { commit } from '../commit.ts'
import type { Ctx } from '../context.ts'
import { type Membership, membershipWrites } from './membership.ts'
import { countOwners, getMembership } from './membership-store.ts'
import { fits, isOwning, type Organization, type Role } from './organization.ts'
import { PersonFailure } from './person.ts'

type Of = { readonly organization: Organization; readonly personId: string }

/** Gives somebody another role. Throws `person.not_found`, `person.last_owner`. */
export async function changeRole(ctx: Ctx, input: Of & { readonly role: Role }): Promise<Membership> {
  if (!fits(input.role, input.organization)) throw PersonFailure.wrong_role(`Nobody here can be ${input.role}.`)
  const before = await getMembership(ctx, input.organization, input.personId)
  if (before.role === input.role) return before
  const after: Membership = { ...before, role: input.role, version: before.version + 1 }
  await writeMembership(ctx, input, { action: 'person.role_changed', before, after })
  return after
}

/** The invited person says yes; twice is once. Throws `person.not_found` when the invitation is void. */
export async function acceptInvitation(ctx: Ctx, input: Of): Promise<Membership> {
  const before = await getMembership(ctx, input.organization, input.personId)
  if (before.state === 'active') return before
  if (before.invitedUntil <= ctx.clock.now()) throw PersonFailure.not_found('There is no such person.')
  const after: Membership = { ...before, state: 'active', joinedAt: ctx.clock.now(), version: before.version + 1 }
  await writeMembership(ctx, input, { action: 'person.joined', before, after })
  return after
}

/** Writes a changed or ended membership, and what ends with it. Throws `person.last_owner`, `person.changed_meanwhile`. */
export async function writeMembership(
  ctx: Ctx,
  { organization, personId }: Of,
  change: {
    readonly action: string
    readonly before: Membership
    readonly after?: Membership
    readonly with?: Pick<Parameters<typeof commit>[1], 'operations'> & { readonly audit: readonly AuditEntry[] }
  },
): Promise<void> {
  const { action, before, after } = change
  try {
    await commit(ctx, {
      operations: [...membershipWrites(before, after), ...(change.with?.operations ?? [])],
      audit: [
        {
          action,
          target: { kind: 'person', id: personId },
          ...(organization.kind === 'licensee' ? { licenseeId: organization.licenseeId } : {}),
          before,
          ...(after === undefined ? {} : { after }),
        },
        ...(change.with?.audit ?? []),
      ],
    })
  } catch (error) {
    if (!isFailure(error, 'table.condition_failed')) throw error
    const now = await getMembership(ctx, organization, personId)
    const isLast =
      now.version === before.version && isOwning(before.role) && (await countOwners(ctx, organization)) <= 1
    if (!isLast) throw PersonFailure.changed_meanwhile('Somebody else has just changed this person.')
    throw PersonFailure.last_owner('Somebody must be left who can give roles: make another owner first.')
  }
}
