import { isFailure } from '#shared/errors/failure.ts'
import type { Ctx } from '../context.ts'
import { getOrganizer, listed, NO_SUCH_ORGANIZER, type Organizer, OrganizerFailure, organizerKey } from './organizer.ts'
import { type OwnLimits, organizerUpdate } from './own-limits.ts'

export type OrganizerChange = {
  /** Normalized. */
  readonly address: string
  readonly name?: string | undefined
  readonly limits?: OwnLimits | undefined
  readonly state?: 'active' | 'suspended' | undefined
  readonly role?: 'organizer' | 'admin' | undefined
  /** With the state `suspended`. */
  readonly reason?: string | undefined
}

/**
 * Changes what an administrator decides of an organizer; asked again it changes nothing more. Suspended, he may only cancel, and his invites that
 * have not left wait; the sweep sends them once he is active. Throws `organizer.not_found`.
 */
export async function changeOrganizer(ctx: Ctx, change: OrganizerChange): Promise<Organizer> {
  const { address, state, reason, role } = change
  const before = await getOrganizer(ctx, address)
  const { set, remove } = organizerUpdate(change)
  const suspends = state === 'suspended'
  const standing = suspends
    ? { state, suspendedReason: reason ?? '', suspendedAt: before.suspendedAt ?? ctx.clock.now() }
    : {}
  try {
    await ctx.table.write({
      kind: 'update',
      key: organizerKey(address),
      // Who was stored before there was a list comes in.
      set: { ...listed(address), ...set, ...standing, ...(role === 'admin' ? { role } : {}) },
      remove: [
        ...remove,
        ...(state === 'active' ? ['state', 'suspendedReason', 'suspendedAt'] : []),
        ...(role === 'organizer' ? ['role'] : []),
      ],
      when: { row: 'present' },
    })
  } catch (error) {
    if (!isFailure(error, 'table.condition_failed')) throw error
    throw OrganizerFailure.not_found(NO_SUCH_ORGANIZER)
  }
  return getOrganizer(ctx, address)
}
