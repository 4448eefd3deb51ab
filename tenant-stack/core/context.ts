import type { Authentication } from '#shared/imip/authentication.ts'
import type { MailReader } from '#shared/imip/disassembled-mail.ts'
import type { Blobs } from '#shared/platform/blobs.ts'
import type { Mailer } from '#shared/platform/mailer.ts'
import type { Queues, Topics } from '#shared/platform/queue.ts'
import type { Clock, Ids, Log } from '#shared/platform/small-ports.ts'
import type { Table } from '#shared/platform/table.ts'
import type { WebhookDoor } from '#shared/platform/webhook-door.ts'
import type { LicenceWatch } from './licence-standing/licence-watch.ts'
import type { SendPace } from './send-ledger/send-pace.ts'
import type { Teller } from './teller.ts'
import type { WebhookWatch } from './webhook/webhook-watch.ts'

/** Who hears of updates and cancels: answered Y, N or M (default); Y or M; or all who were invited. */
export type Audience = 'responded' | 'attending' | 'everyone'

/** What a tenant's stack is told by its configuration. Mailboxes are local parts, lower case. */
export type TenantSettings = {
  readonly domainName: string
  readonly mailboxes: {
    readonly create: string
    readonly lists: string
    readonly reports: string
    readonly unsubscribe: string
    readonly postmaster: string
    readonly abuse: string
    readonly dmarc: string
  }
  readonly audience: Audience
  /** Who may organize: all whose mail is authenticated, some addresses and domains, or whom an administrator has registered. */
  readonly organizers: {
    readonly rule: 'anyone' | 'domains' | 'registered'
    /** Addresses and domain names, lower case: of the rule `domains`. */
    readonly allowedSenders: readonly string[]
  }
  /** Of the tenant; a licence may bound them lower. */
  readonly limits: {
    readonly invitesPerEvent: number
    readonly eventsPerOrganizer: number
    /** First invitations of one UTC day. */
    readonly sendsPerDay: number
  }
  /** Of one key; above that 429. */
  readonly apiRequestsPerMinute: number
  /** Base of links to the API, `/v1` included, without trailing slash. */
  readonly apiUrl: string
  /** Base of links to pages (`go.` host), without trailing slash. */
  readonly pagesUrl: string
  /** How long a claim of a chunk holds before another worker may take it over. */
  readonly sendLeaseSeconds: number
  /** T of the send ledger: how long an attempt nobody can tell about is left alone. */
  readonly unknownSendSeconds: number
  /** A larger mail is not read: refused at our SMTP door, quarantined where the door is not ours. */
  readonly mailBytesMax: number
}

/** What an authentication needs to know of a mail's way in. */
export type MailOrigin = { readonly remoteAddress: string; readonly helo: string; readonly envelopeFrom: string }

/** Everything a verb may touch; bound to one tenant by `wire()`. */
export type Ctx = {
  readonly table: Table
  readonly topics: Topics
  /** For the watch over the queues alone: what waits in a queue is its runtime's business. */
  readonly queueDepths: Pick<Queues, 'depth'>
  readonly blobs: Blobs
  readonly mailer: Mailer
  /** Asked before each mail that the send ledger hands over. */
  readonly pace: SendPace
  readonly reader: MailReader
  /** Verifies a stored mail; without an origin (swept mail) only its DKIM signatures. */
  readonly authenticate: (raw: Uint8Array, origin: MailOrigin | undefined) => Promise<Authentication>
  readonly clock: Clock
  readonly ids: Ids
  /** SHA-256, lower-case hex. */
  readonly sha256: (text: string) => string
  readonly log: Log
  /** Names this process among those that claim work. */
  readonly workerId: string
  /** True when a claimant is known to be dead (the embedded runtime owns its data alone); its lease need not be waited for. */
  readonly isWorkerGone: (workerId: string) => boolean
  /** What the vendor's licence lets the stack do; limits and entitlements are in its standing's payload. */
  readonly licence: LicenceWatch
  /** Which servers of the tenant's want to be told what. */
  readonly webhooks: WebhookWatch
  /** The way to them. */
  readonly webhookDoor: WebhookDoor
  /** Absent: no control plane wants to know how the stack is. */
  readonly teller?: Teller
  readonly settings: TenantSettings
}
