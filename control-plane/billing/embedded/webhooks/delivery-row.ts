import * as z from 'zod'
import type { TableItem } from '#shared/platform/table.ts'

/** An event on its way to the endpoint: the attempt is made at `atMs` (epoch milliseconds). */
export type Delivery = { readonly eventId: string; readonly atMs: number; readonly attempt: number }

export const DELIVERIES = 'delivery'

const Row = z.object({ eventId: z.string(), atMs: z.number(), attempt: z.number() })

export function sortableMs(ms: number): string {
  return String(Math.max(0, Math.trunc(ms))).padStart(15, '0')
}

export function deliveryRow(delivery: Delivery): TableItem {
  return { pk: DELIVERIES, sk: `${sortableMs(delivery.atMs)}#${delivery.eventId}`, ...delivery }
}

export function readDeliveryRow(row: TableItem): Delivery {
  return Row.parse(row)
}
