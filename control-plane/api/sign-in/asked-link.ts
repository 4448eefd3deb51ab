import * as z from 'zod'
import { isFailure } from '#shared/errors/failure.ts'
import type { TableKey } from '#shared/platform/table.ts'
import type { ControlCtx } from '../env.ts'
import { LINK_SECONDS } from './limits.ts'

/** A link that was forwarded or guessed at is given up after so many tries. */
const TRIES_MAX = 5

const Row = z.object({ browserSha256: z.string(), tries: z.number() })

function keyOf(ctx: ControlCtx, token: string): TableKey {
  return { pk: `asked-link#${ctx.sha256(token)}`, sk: 'asked-link' }
}

/** Remembers which browser asked for a link. */
export async function rememberBrowser(
  ctx: ControlCtx,
  input: { readonly token: string; readonly browser: string },
): Promise<void> {
  const now = ctx.clock.now()
  await ctx.table.write({
    kind: 'put',
    item: {
      ...keyOf(ctx, input.token),
      browserSha256: ctx.sha256(input.browser),
      tries: 0,
      endsAt: now + LINK_SECONDS * 1000,
      expiresAt: Math.ceil(now / 1000) + LINK_SECONDS,
    },
    when: { row: 'absent' },
  })
}

/** Counts one try at a link, then says whether it may be redeemed and by this browser. */
export async function tryLink(
  ctx: ControlCtx,
  input: { readonly token: string; readonly browser: string | undefined },
): Promise<'may' | 'unknown' | 'other_browser'> {
  const key = keyOf(ctx, input.token)
  try {
    await ctx.table.write({
      kind: 'update',
      key,
      add: { tries: 1 },
      when: {
        allOf: [
          { attribute: 'tries', is: '<', value: TRIES_MAX },
          { attribute: 'endsAt', is: '>', value: ctx.clock.now() },
        ],
      },
    })
  } catch (error) {
    if (isFailure(error, 'table.condition_failed')) return 'unknown'
    throw error
  }
  const row = await ctx.table.get(key)
  if (row === undefined) return 'unknown'
  const isSame = input.browser !== undefined && Row.parse(row).browserSha256 === ctx.sha256(input.browser)
  return isSame ? 'may' : 'other_browser'
}
