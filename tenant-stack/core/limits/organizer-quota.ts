import type { WriteOperation } from '#shared/platform/table.ts'
import type { Ctx } from '../context.ts'
import { findOrganizer } from '../organizer/organizer.ts'
import { limitOf } from './limits.ts'

/**
 * The write that counts one event more for its organizer, to go with the event's own; undefined when he has as many as he may have. It holds
 * only while there is room, so that twins together never pass the limit. Events of before it was counted are not in it.
 */
export async function organizerQuota(ctx: Ctx, organizerAddress: string): Promise<WriteOperation | undefined> {
  const max = await limitOf(ctx, 'eventsPerOrganizer', await findOrganizer(ctx, organizerAddress))
  const key = { pk: `organizer#${organizerAddress}`, sk: 'quota' }
  const row = await ctx.table.get(key)
  const used = typeof row?.events === 'number' ? row.events : 0
  if (used >= max) return undefined
  return {
    kind: 'update',
    key,
    add: { events: 1 },
    when: { anyOf: [{ row: 'absent' }, { attribute: 'events', is: '<', value: max }] },
  }
}
