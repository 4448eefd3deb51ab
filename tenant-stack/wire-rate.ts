import { setTimeout as sleep } from 'node:timers/promises'
import { openSqliteStore } from '#shared/platform/embedded/sqlite-store.ts'
import { createTable } from '#shared/platform/embedded/table.ts'
import type { Clock, Log } from '#shared/platform/small-ports.ts'
import { createSendPace } from './cell/send-rate/send-pace.ts'
import type { SendPace } from './core/send-ledger/send-pace.ts'

export type MachineRate = {
  readonly paceOf: (tenantId: string) => SendPace
  close(): Promise<void>
}

/** The rate of the machine's relay, shared by its tenants as those of a cell share SES's: one table, in a store of its own. */
export function createMachineRate(options: {
  readonly file: string
  /** Mails a second that the relay takes. */
  readonly sendsPerSecond: number
  readonly clock: Clock
  readonly log: Log
}): MachineRate {
  const { clock, log, sendsPerSecond } = options
  const store = openSqliteStore({ file: options.file })
  const table = createTable({ store, clock, tenantId: 'cell' })
  const waitUntil = (moment: number) => sleep(Math.max(0, moment - clock.now()))
  return {
    paceOf: (tenantId) =>
      createSendPace({ table, owner: tenantId, clock, waitUntil, random: Math.random, perSecond: sendsPerSecond, log }),
    close: () => store.close(),
  }
}
