import { isFailure } from '#shared/errors/failure.ts'
import type { Ctx } from '../context.ts'
import { isOwnAddress, normalizeAddress } from '../mailbox/mailbox.ts'
import { getOrganizer, listed, type Organizer, OrganizerFailure, organizerKey } from './organizer.ts'
import { type OwnLimits, organizerUpdate } from './own-limits.ts'

/**
 * Adds an organizer, or takes in one who came by mail. `address` is one of `parseAttendeeAddress`. Throws `organizer.exists` when he is registered, and
 * `organizer.own_domain`.
 */
export async function registerOrganizer(
  ctx: Ctx,
  input: { readonly address: string; readonly name?: string | undefined; readonly limits?: OwnLimits | undefined },
): Promise<Organizer> {
  const address = normalizeAddress(input.address)
  if (isOwnAddress(ctx.settings, address))
    throw OrganizerFailure.own_domain(`Addresses of ${ctx.settings.domainName} itself cannot organize.`)
  const own = organizerUpdate(input)
  try {
    await ctx.table.write({
      kind: 'update',
      key: organizerKey(address),
      set: { address, ...listed(address), registeredAt: ctx.clock.now(), ...own.set },
      remove: own.remove,
      when: { attribute: 'registeredAt', is: 'absent' },
    })
  } catch (error) {
    if (!isFailure(error, 'table.condition_failed')) throw error
    throw OrganizerFailure.exists('This organizer is registered already; change him instead.')
  }
  return getOrganizer(ctx, address)
}
