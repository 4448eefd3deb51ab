import * as z from 'zod'
import type { TableItem } from '#shared/platform/table.ts'
import { parseJson, sortableSeconds } from './rows.ts'
import type { DueWork } from './unit.ts'

const Work = z.object({
  kind: z.enum(['subscription', 'invoice', 'checkout.session', 'refund', 'upcoming', 'overdue', 'test_clock']),
  objectId: z.string(),
})

/** Work of one clock in order of time: the real clock's, or a test clock's. */
export function duePartition(testClockId: string | null): string {
  return `due#${testClockId ?? 'real'}`
}

export function dueRow(testClockId: string | null, atSeconds: number, work: DueWork): TableItem {
  return {
    pk: duePartition(testClockId),
    sk: `${sortableSeconds(atSeconds)}#${work.kind}#${work.objectId}`,
    json: JSON.stringify(work),
  }
}

export function readDueRow(row: TableItem): { readonly atSeconds: number; readonly work: DueWork } {
  return { atSeconds: Number(row.sk.slice(0, row.sk.indexOf('#'))), work: Work.parse(parseJson(row.json)) }
}
