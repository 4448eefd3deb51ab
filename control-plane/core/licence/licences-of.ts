import type { Ctx } from '../context.ts'
import { licenseePartition } from '../licensee/licensee.ts'
import { Licence } from './licence.ts'

/** Every licence of a licensee. */
export async function allLicencesOf(ctx: Pick<Ctx, 'table'>, licenseeId: string): Promise<readonly Licence[]> {
  const licences: Licence[] = []
  let cursor: string | undefined
  do {
    const page = await ctx.table.query({
      pk: licenseePartition(licenseeId),
      sk: { beginsWith: 'licence#' },
      limit: 500,
      ...(cursor === undefined ? {} : { cursor }),
    })
    licences.push(...page.items.map((item) => Licence.parse(item)))
    cursor = page.cursor
  } while (cursor !== undefined)
  return licences
}
