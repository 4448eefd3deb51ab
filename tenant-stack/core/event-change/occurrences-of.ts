import type { IncomingItip, StoredSeries } from '#shared/itip/decisions.ts'
import { type Occurrences, occurrenceQuestion } from '#shared/itip/occurrences.ts'
import { askTwice } from '../ask-twice.ts'
import type { Ctx } from '../context.ts'

/** What `decideOrganizer` must know of the recurrence, worked out within the budget; undefined when that was blown. */
export async function occurrencesOf(
  ctx: Ctx,
  incoming: IncomingItip,
  stored: StoredSeries | undefined,
): Promise<Occurrences | undefined> {
  const question = occurrenceQuestion(incoming, stored)
  if (question === undefined) return new Map()
  const answers = await askTwice(() => ctx.reader.occurs(question))
  if (answers.kind !== 'done') return undefined
  return new Map(question.recurrenceKeys.map((key, index) => [key, answers.value[index] === true]))
}
