import * as z from 'zod'
import { domainName } from './settings.ts'

/** The cell's own rows are those of this "tenant" of its table: no tenant id can be it, because those begin with `ten_`. */
export const CELL_TABLE_SCOPE = 'cell'

/**
 * Where mail for a domain goes: one row per domain, written by the control plane before the domain's identity exists, so that SES never
 * accepts mail which the router cannot place. A suspended tenant's mail is stored all the same: an answer must not be lost over a bill.
 */
export const CellRoute = z.object({
  domainName,
  tenantId: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/),
  bucketName: z.string().regex(/^[a-z0-9.-]{3,63}$/),
  mailTopicArn: z.string().regex(/^arn:[a-z-]+:sns:[a-z0-9-]+:\d{12}:[\w-]+$/),
  status: z.enum(['active', 'suspended']),
})
export type CellRoute = z.infer<typeof CellRoute>

/** Row of a domain; the name is compared whole, so that no domain answers for another that merely ends like it. */
export function cellRouteKey(name: string): { readonly pk: string; readonly sk: string } {
  return { pk: `route#${name}`, sk: 'route' }
}
