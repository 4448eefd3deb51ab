import type { CloudPlace } from '#control-plane/cloud/cloud.ts'
import type { Ctx } from '#control-plane/core/context.ts'

type Place = Pick<CloudPlace, 'awsAccountId' | 'region'>

/** Rights are mended by people: one call in this time finds out whether they are. */
export const STOP_MILLISECONDS = 15 * 60_000

function breakerKey({ awsAccountId, region }: Place) {
  return { pk: `breaker#${awsAccountId}/${region}`, sk: 'breaker' }
}

/** Until when nothing is asked of an account and region; undefined: ask. */
export async function stoppedUntil(ctx: Ctx, place: Place): Promise<number | undefined> {
  const row = await ctx.table.get(breakerKey(place))
  const until = typeof row?.openUntil === 'number' ? row.openUntil : undefined
  return until !== undefined && until > ctx.clock.now() ? until : undefined
}

/** Stops the place: what was denied to one tenant's step is denied to all of them. Answers until when. */
export async function stopPlace(ctx: Ctx, place: Place, code: string): Promise<number> {
  const openUntil = ctx.clock.now() + STOP_MILLISECONDS
  await ctx.table.write({
    kind: 'put',
    item: { ...breakerKey(place), openUntil, code, expiresAt: Math.ceil(openUntil / 1000) },
  })
  ctx.log.metric({ at: 'provisioning.place_stopped', awsAccountId: place.awsAccountId, region: place.region, code })
  return openUntil
}
