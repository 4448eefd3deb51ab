import type { TableKey, WriteOperation } from '#shared/platform/table.ts'
import type { Ctx } from '../context.ts'
import { OFFERED_PER_ATTENDEE_MAX, OFFERED_PER_EVENT_MAX } from './proposal.ts'

/** The day's row is of use until its day is over everywhere. */
const ROW_SECONDS = 3 * 86_400

/**
 * The writes that count one proposal more that the organizer is asked about; undefined when the attendee, or all of them together, have had the
 * day's share. They hold only while there is room, so that twins together never pass it.
 */
export async function offeredQuota(
  ctx: Ctx,
  of: { readonly eventId: string; readonly invitationId: string },
): Promise<readonly WriteOperation[] | undefined> {
  const pk = `propday#${of.eventId}#${new Date(ctx.clock.now()).toISOString().slice(0, 10)}`
  const rows: readonly (readonly [TableKey, number])[] = [
    [{ pk, sk: of.invitationId }, OFFERED_PER_ATTENDEE_MAX],
    [{ pk, sk: 'all' }, OFFERED_PER_EVENT_MAX],
  ]
  const found = await ctx.table.getMany(rows.map(([key]) => key))
  const usedOf = (sk: string) => Number(found.find((row) => row.sk === sk)?.offered ?? 0)
  if (rows.some(([{ sk }, max]) => usedOf(sk) >= max)) return undefined
  const expiresAt = Math.floor(ctx.clock.now() / 1000) + ROW_SECONDS
  return rows.map(([key, max]) => ({
    kind: 'update',
    key,
    set: { expiresAt },
    add: { offered: 1 },
    when: { anyOf: [{ row: 'absent' }, { attribute: 'offered', is: '<', value: max }] },
  }))
}
