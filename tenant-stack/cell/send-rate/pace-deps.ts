import type { Clock, Log } from '#shared/platform/small-ports.ts'
import type { Table } from '#shared/platform/table.ts'

export type PaceDeps = {
  /** Of all who share the rate. */
  readonly table: Table
  /** Names the tenant among them. */
  readonly owner: string
  readonly clock: Clock
  readonly waitUntil: (moment: number) => Promise<void>
  /** From 0 to 1. */
  readonly random: () => number
  /** Mails a second that the account may send. */
  readonly perSecond: number
  readonly log: Log
}
