import { Hono } from 'hono'
import type { Ctx } from '#tenant-stack/core/context.ts'
import { confirmPages } from './confirm.ts'

/** Public pages of the tenant: server-rendered, no script, nothing changes on GET. */
export function createPages(ctx: Ctx): Hono {
  return new Hono().route('/confirm', confirmPages(ctx))
}
