import type { LicencePayload } from '#shared/contracts/licence-file.ts'
import type { LicenceKeys } from '#shared/licence/licence-keys.ts'
import { judgeLicence, type LicenceStanding, openLicenceFile, unlicensed } from '#shared/licence/verify-licence.ts'
import type { Clock } from '#shared/platform/small-ports.ts'
import type { Table } from '#shared/platform/table.ts'

/** Where the newest licence file that was ever seen is kept: one that is put back in the bucket, or removed there, changes nothing. */
export const newestLicenceKey = { pk: 'licence', sk: 'newest' } as const

/** So long a reading of the row is good: a send asks at each claim. */
const CACHE_MS = 60_000

/** The stack's licence as its functions see it. */
export interface LicenceWatch {
  /** False where no keys are configured: a machine of one's own needs no licence. */
  readonly isAskedFor: boolean
  /** Whether mail may leave and the API may write, what is entitled and limited (`payload`). Asked before each act. */
  standing(): Promise<LicenceStanding>
  /** The payload of a file that the vendor signed for this tenant; undefined for anything else. */
  open(file: unknown): LicencePayload | undefined
  /** The row has changed: the next asking reads it. */
  forget(): void
}

/**
 * Watches the licence by the table's row, which is verified at each reading: functions write rows, and none of them may write itself a
 * licence. Without a genuine file nothing leaves the stack, as if it were suspended.
 */
export function createLicenceWatch(options: {
  readonly table: Table
  readonly clock: Clock
  readonly keys: LicenceKeys
  readonly tenantId: string
  readonly domainName: string
}): LicenceWatch {
  const { table, clock, keys, tenantId, domainName } = options
  let read: { readonly at: number; readonly payload: LicencePayload | undefined } | undefined
  const open = (file: unknown) => openLicenceFile(file, keys, tenantId)
  const isAskedFor = keys.size > 0
  return {
    isAskedFor,
    open,
    async standing() {
      if (!isAskedFor) return unlicensed
      const now = clock.now()
      // A clock that was set back must not make an old reading last.
      if (read === undefined || Math.abs(now - read.at) >= CACHE_MS)
        read = { at: now, payload: open(await table.get(newestLicenceKey)) }
      return judgeLicence(read.payload, { tenantId, domainName }, now)
    },
    forget() {
      read = undefined
    },
  }
}
