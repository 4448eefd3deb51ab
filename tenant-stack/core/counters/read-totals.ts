import type * as z from 'zod'
import type { TotalsView } from '#shared/contracts/statistics-api.ts'
import type { Ctx } from '../context.ts'
import { normalizeAddress } from '../mailbox/mailbox.ts'
import { getOrganizer } from '../organizer/organizer.ts'
import { CounterFailure } from './counter-failure.ts'
import { dayName } from './counters.ts'
import { numbersOf } from './numbers.ts'
import { readOwnerCounts } from './owner-counts.ts'

const DAY_MS = 86_400_000
/** What a picture shows at once, and what one answer may carry. */
const DAYS_SHOWN = 30
const DAYS_MAX = 400

type Asked = {
  /** Absent: the whole domain. Throws `organizer.not_found`. */
  readonly organizer?: string
  readonly since?: string | undefined
  readonly until?: string | undefined
}

/** Totals over all events of the domain or of one organizer, and the series of some days. */
export async function readTotals(ctx: Ctx, asked: Asked): Promise<z.infer<typeof TotalsView>> {
  const organizer =
    asked.organizer === undefined ? undefined : await getOrganizer(ctx, normalizeAddress(asked.organizer))
  const owner = organizer === undefined ? 'domain' : { organizerAddress: organizer.address }
  const { counts, days } = await readOwnerCounts(ctx, owner, rangeOf(ctx, asked))
  return {
    ...(organizer === undefined ? {} : { organizer: organizer.address }),
    events: { created: counts.events ?? 0, cancelled: counts.cancelledEvents ?? 0 },
    ...numbersOf(counts, days),
  }
}

function rangeOf({ clock }: Ctx, asked: Asked) {
  const until = asked.until ?? dayName(clock.now())
  const untilMs = Date.parse(until)
  const since = asked.since ?? dayName(untilMs - (DAYS_SHOWN - 1) * DAY_MS)
  const days = (untilMs - Date.parse(since)) / DAY_MS + 1
  if (days < 1) throw badRange('since', 'must not be after until')
  if (days > DAYS_MAX) throw badRange('since', `must be at most ${DAYS_MAX} days before until`)
  return { since, until }
}

function badRange(path: string, message: string) {
  return CounterFailure.bad_range(`${path}: ${message}.`, { errors: [{ path, message }] })
}
