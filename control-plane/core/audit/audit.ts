import * as z from 'zod'
import type { WriteOperation } from '#shared/platform/table.ts'
import type { Ctx } from '../context.ts'
import { sortableTime } from '../sortable-time.ts'

/** What is said about a change by whoever makes it; the actor, time and request are added here. */
export type AuditEntry = {
  /** `licence.paid`, `domain.claimed`: concept and what happened to it. */
  readonly action: string
  /** Kind and id of what was changed. */
  readonly target: { readonly kind: string; readonly id: string }
  /** Whose rows it belongs to; absent for the vendor's own (cells, releases). */
  readonly licenseeId?: string
  readonly tenantId?: string
  /** The row before and after, as they are stored: their hashes are kept. */
  readonly before?: unknown
  readonly after?: unknown
  /** Why, where a person had to say. */
  readonly reason?: string
  readonly result?: 'done' | 'denied'
}

/** One row of the audit log. */
export const AuditRow = z.object({
  auditId: z.string(),
  at: z.number(),
  action: z.string(),
  target: z.object({ kind: z.string(), id: z.string() }),
  actor: z.object({
    type: z.string(),
    id: z.string(),
    role: z.string().exactOptional(),
    onBehalfOf: z.string().exactOptional(),
  }),
  licenseeId: z.string().exactOptional(),
  tenantId: z.string().exactOptional(),
  beforeSha256: z.string().exactOptional(),
  afterSha256: z.string().exactOptional(),
  reason: z.string().exactOptional(),
  result: z.enum(['done', 'denied']),
  requestId: z.string().exactOptional(),
  ipAddress: z.string().exactOptional(),
  userAgent: z.string().exactOptional(),
})
export type AuditRow = z.infer<typeof AuditRow>

/** The vendor's own rows, such as cells and releases. */
const VENDOR = 'vendor'

export function auditPartition(licenseeId: string | undefined): string {
  return `audit#${licenseeId ?? VENDOR}`
}

/** All audit rows of one UTC day. */
export function auditDay(epochMs: number): string {
  return `audit-day#${new Date(epochMs).toISOString().slice(0, 10)}`
}

/** The put that belongs into the transaction of the change itself. */
export function auditOperation(ctx: Ctx, entry: AuditEntry): WriteOperation {
  const now = ctx.clock.now()
  const row: AuditRow = {
    auditId: ctx.ids.newId('aud'),
    at: now,
    action: entry.action,
    target: entry.target,
    actor: { ...ctx.actor },
    result: entry.result ?? 'done',
    ...(entry.licenseeId === undefined ? {} : { licenseeId: entry.licenseeId }),
    ...(entry.tenantId === undefined ? {} : { tenantId: entry.tenantId }),
    ...(entry.before === undefined ? {} : { beforeSha256: ctx.sha256(JSON.stringify(entry.before)) }),
    ...(entry.after === undefined ? {} : { afterSha256: ctx.sha256(JSON.stringify(entry.after)) }),
    ...(entry.reason === undefined ? {} : { reason: entry.reason }),
    ...ctx.caller,
  }
  const sk = `${sortableTime(now)}#${row.auditId}`
  return {
    kind: 'put',
    item: { pk: auditPartition(entry.licenseeId), sk, gsi2pk: auditDay(now), gsi2sk: sk, ...row },
    when: { row: 'absent' },
  }
}
