import type { Mailer } from '#shared/platform/mailer.ts'
import type { Queues } from '#shared/platform/queue.ts'
import type { Clock, Ids, Log } from '#shared/platform/small-ports.ts'
import type { Table } from '#shared/platform/table.ts'
import type { Actor, Scope } from './actor.ts'

/** What the control plane is told by its configuration. */
export type ControlSettings = {
  /** Base of links to the control plane's pages and API, without trailing slash. */
  readonly publicUrl: string
  /** Whom mails of the control plane come from. */
  readonly mailFrom: string
  /** As people know the seller. */
  readonly vendorName: string
}

/** Everything a verb of the control plane may touch; rooms add their own ports to it (billing Stripe, provisioning the cloud). */
export type Ctx = {
  readonly table: Table
  readonly queues: Pick<Queues, 'send'>
  readonly mailer: Mailer
  readonly clock: Clock
  readonly ids: Ids
  /** SHA-256, lower-case hex. */
  readonly sha256: (text: string) => string
  /** Uniform in [0, 1): jitter alone, never a secret. */
  readonly random: () => number
  readonly log: Log
  /** Names this process among those that claim work. */
  readonly workerId: string
  /** Who acts: written into the audit row of every change. */
  readonly actor: Actor
  /** What the actor may see: bound by authentication, never taken from a path, header or body. */
  readonly scope: Scope
  /** Where the actor's request came from, for the audit row. */
  readonly caller?: { readonly requestId: string; readonly ipAddress?: string; readonly userAgent?: string }
  readonly settings: ControlSettings
}
