import type { CellRoute } from '#shared/contracts/cell-routes.ts'
import { defineFailures } from '#shared/errors/failure.ts'
import type { Blobs } from '#shared/platform/blobs.ts'
import type { Queues } from '#shared/platform/queue.ts'
import type { Clock, Log } from '#shared/platform/small-ports.ts'
import type { Table } from '#shared/platform/table.ts'

export const CellFailure = defineFailures('cell', {
  /** Some tenants have their copy and notice, these do not; only theirs is tried again. */
  partly_routed: { status: 502, retry: true },
  /** A receipt without its object, of a mail that nobody has routed. */
  object_missing: { status: 502, retry: true },
})

/** What the cell may do to one tenant: leave an object in his bucket and say so on his topic. It reads nothing of his. */
export interface TenantDoor {
  /** Server-side copy of an inlet object; `blob.not_found` when it is not there. */
  copyFromInlet(inletKey: string, blobKey: string): Promise<void>
  put(blobKey: string, bytes: Uint8Array): Promise<void>
  /** Publishes on the tenant's mail-received topic. */
  notify(body: string): Promise<void>
}

/** Everything the cell's functions may touch. */
export type CellCtx = {
  /** The cell's own rows. */
  readonly table: Table
  /** The bucket that SES writes to. */
  readonly inlet: Blobs
  readonly openDoor: (route: CellRoute) => TenantDoor
  readonly queues: Queues
  readonly clock: Clock
  readonly log: Log
}
