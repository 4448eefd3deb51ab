import type { LICENCE_LIMITS } from '#shared/contracts/licence-terms.ts'
import { defineFailures } from '#shared/errors/failure.ts'
import type { Ctx } from '../context.ts'
import type { OwnLimits } from '../organizer/own-limits.ts'

export type LimitName = (typeof LICENCE_LIMITS)[number]

export const LimitFailure = defineFailures('limit', {
  /** The event has as many invitations as it may have. */
  invites_per_event: { status: 409, retry: false },
  /** The organizer has as many events as he may have. */
  events_per_organizer: { status: 409, retry: false },
  /** So many first invitations as a day may have were asked for; the next UTC day takes more. */
  sends_per_day: { status: 429, retry: false },
})

/** What bounds a number now: the organizer's own limit, else the tenant's setting; or the licence where that is lower. */
export async function limitOf({ settings, licence }: Ctx, name: LimitName, own?: OwnLimits): Promise<number> {
  const standing = await licence.standing()
  const licensed = 'payload' in standing ? standing.payload?.limits[name] : undefined
  return Math.min(own?.[name] ?? settings.limits[name], licensed ?? Number.POSITIVE_INFINITY)
}
