import * as z from 'zod'
import { isFailure } from '#shared/errors/failure.ts'
import type { TableKey } from '#shared/platform/table.ts'
import type { ControlCtx } from '../env.ts'
import { LINK_SECONDS } from './limits.ts'

/** A link that was forwarded or guessed at is given up after so many tries. */
const TRIES_MAX = 5

const Row = z.object({
  browserSha256: z.string(),
  tries: z.number(),
  /** Page to go on to: bound to the token here, so that nobody can put another into a link. */
  to: z.string().exactOptional(),
})

function keyOf(ctx: ControlCtx, token: string): TableKey {
  return { pk: `asked-link#${ctx.sha256(token)}`, sk: 'asked-link' }
}

/** Remembers which browser asked for a link. */
export async function rememberBrowser(
  ctx: ControlCtx,
  input: { readonly token: string; readonly browser: string; readonly to?: string | undefined },
): Promise<void> {
  const now = ctx.clock.now()
  await ctx.table.write({
    kind: 'put',
    item: {
      ...keyOf(ctx, input.token),
      browserSha256: ctx.sha256(input.browser),
      tries: 0,
      ...(input.to === undefined ? {} : { to: input.to }),
      endsAt: now + LINK_SECONDS * 1000,
      expiresAt: Math.ceil(now / 1000) + LINK_SECONDS,
    },
    when: { row: 'absent' },
  })
}

type Tried =
  | { readonly kind: 'may'; readonly to?: string }
  | { readonly kind: 'refused'; readonly reason: 'unknown' | 'other_browser' }

/** Counts one try at a link, then says whether it may be redeemed and by this browser. */
export async function tryLink(
  ctx: ControlCtx,
  input: { readonly token: string; readonly browser: string | undefined },
): Promise<Tried> {
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
    if (isFailure(error, 'table.condition_failed')) return { kind: 'refused', reason: 'unknown' }
    throw error
  }
  const row = await ctx.table.get(key)
  if (row === undefined) return { kind: 'refused', reason: 'unknown' }
  const { browserSha256, to } = Row.parse(row)
  if (input.browser === undefined || browserSha256 !== ctx.sha256(input.browser))
    return { kind: 'refused', reason: 'other_browser' }
  return { kind: 'may', ...(to === undefined ? {} : { to }) }
}
