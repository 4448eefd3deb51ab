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
  /** Whether who asks may give and take that role, and say how an administrator stands (`rulesAdmins`). */
  readonly rulesAdmins?: boolean
  /** With the state `suspended`. */
  readonly reason?: string | undefined
}

/**
 * Changes what an administrator decides of an organizer; asked again it changes nothing more. Suspended, he may only cancel, and his invites that
 * have not left wait; the sweep sends them once he is active. He is signed out at once.
 * Throws `organizer.not_found`, `organizer.of_admin`.
 */
export async function changeOrganizer(ctx: Ctx, change: OrganizerChange): Promise<Organizer> {
  const { address, state, reason, role, rulesAdmins = true } = change
  const before = await getOrganizer(ctx, address)
  const { set, remove } = organizerUpdate(change)
  const suspends = state === 'suspended'
  const isOfAdmin = role !== undefined || (before.role === 'admin' && state !== undefined)
  if (isOfAdmin && !rulesAdmins)
    throw OrganizerFailure.of_admin('Only who may do everything himself, without an end, decides about administrators.')
  const standing = suspends
    ? {
        state,
        suspendedReason: reason ?? '',
        suspendedAt: before.suspendedAt ?? ctx.clock.now(),
        signedOutAt: ctx.clock.now(),
      }
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
      // Who is made one meanwhile is decided about anew.
      when: rulesAdmins
        ? { row: 'present' }
        : {
            allOf: [
              { row: 'present' },
              before.role === undefined
                ? { attribute: 'role', is: 'absent' }
                : { attribute: 'role', is: '=', value: before.role },
            ],
          },
    })
  } catch (error) {
    if (!isFailure(error, 'table.condition_failed')) throw error
    if ((await getOrganizer(ctx, address)).role !== before.role) return changeOrganizer(ctx, change)
    throw OrganizerFailure.not_found(NO_SUCH_ORGANIZER)
  }
  return getOrganizer(ctx, address)
}
