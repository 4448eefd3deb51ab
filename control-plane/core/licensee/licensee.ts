import * as z from 'zod'
import { defineFailures } from '#shared/errors/failure.ts'
import type { TableKey } from '#shared/platform/table.ts'

/** An organization that buys licences, one for each domain. */
export const Licensee = z.object({
  licenseeId: z.string(),
  name: z.string(),
  /** Where invoices, reminders and instructions go. */
  billingEmail: z.string(),
  /** May be given a licence before the invoice is paid. */
  isTrusted: z.boolean(),
  /** The vendor's own, or asked to be first: stands in canary cells. */
  isEarly: z.boolean().exactOptional(),
  /** Made before the first checkout, one for each licensee. */
  stripeCustomerId: z.string().exactOptional(),
  createdAt: z.number(),
  version: z.number(),
})
export type Licensee = z.infer<typeof Licensee>

export const LicenseeFailure = defineFailures('licensee', {
  not_found: { status: 404, retry: false },
  changed_meanwhile: { status: 409, retry: true },
})

export function licenseePartition(licenseeId: string): string {
  return `licensee#${licenseeId}`
}

export function licenseeKey(licenseeId: string): TableKey {
  return { pk: licenseePartition(licenseeId), sk: 'licensee' }
}
