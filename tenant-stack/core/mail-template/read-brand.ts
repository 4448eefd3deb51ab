import type { Ctx } from '../context.ts'
import { Brand, brandKey, SHIPPED_BRAND } from './brand.ts'

/** So long a reading is good: the invites of a list cost no read each. */
const CACHE_MS = 10_000

const caches = new WeakMap<Ctx, { readonly at: number; readonly brand: Brand }>()

/** The brand as it is now. */
export async function readBrand(ctx: Ctx): Promise<Brand> {
  const row = await ctx.table.get(brandKey)
  return row === undefined ? SHIPPED_BRAND : Brand.parse(row)
}

/** The brand as mails take it: at most ten seconds old. */
export async function brandOf(ctx: Ctx): Promise<Brand> {
  const now = ctx.clock.now()
  const kept = caches.get(ctx)
  // A clock that was set back must not make an old reading last.
  if (kept !== undefined && Math.abs(now - kept.at) < CACHE_MS) return kept.brand
  const brand = await readBrand(ctx)
  caches.set(ctx, { at: now, brand })
  return brand
}

/** The next mail reads it anew. */
export function forgetBrand(ctx: Ctx): void {
  caches.delete(ctx)
}
