import type { Series } from '#shared/icalendar/model.ts'
import type { AttachedList, Budgeted, DisassembledMail, MailReader } from '#shared/imip/disassembled-mail.ts'
import type { Log } from '#shared/platform/small-ports.ts'
import { createChildPool, type Decision } from './child-pool.ts'
import { JOB } from './frames.ts'

/** reliability.md of every mail reader: no mail may hold a process longer, nor grow it further. */
const WALL_MS = 2000
const RSS_BYTES_MAX = 256 * 1024 * 1024

export type MailReaderOptions = {
  /** Most milliseconds one job may take. */
  readonly wallMs?: number
  /** Most resident memory of the child, its own start included, in bytes. */
  readonly rssBytesMax?: number
  /** How many jobs run at once. Default: the machine's cores, 2 to 4. */
  readonly children?: number
  /** How many processes more than that are kept warm, for the moment after one was killed. Default 1. */
  readonly spares?: number
  /** Module run in the child; it calls `serveJobs`. Set where the code is bundled, and in tests. */
  readonly entry?: URL
  /** Where the runtime's own libraries lie (LD_LIBRARY_PATH), if it needs any to start. */
  readonly libraryPath?: string
  /** Told of every decision with its measured cost, and of the bytes it was about, for figures. */
  readonly onDecision?: (decision: Decision, payload: Uint8Array) => void
  readonly log: Log
}

/**
 * The budgeted parser: hostile bytes are read in child processes that are watched from outside, killed and replaced when over.
 * Rejects with `mail_reader.closed` or `mail_reader.unavailable` (both to be retried: they say nothing about the mail), and
 * with the signal's reason when aborted.
 */
export function createMailReader(options: MailReaderOptions): MailReader {
  const pool = createChildPool({
    wallMs: options.wallMs ?? WALL_MS,
    rssBytesMax: options.rssBytesMax ?? RSS_BYTES_MAX,
    entry: options.entry ?? new URL('./reader-child.ts', import.meta.url),
    log: options.log,
    ...(options.children === undefined ? {} : { children: options.children }),
    ...(options.libraryPath === undefined ? {} : { libraryPath: options.libraryPath }),
    ...(options.spares === undefined ? {} : { spares: options.spares }),
    ...(options.onDecision === undefined ? {} : { onDecision: options.onDecision }),
  })

  async function ask<T>(
    kind: (typeof JOB)[keyof typeof JOB],
    payload: Uint8Array,
    signal?: AbortSignal,
  ): Promise<Budgeted<T>> {
    const decided = await pool.run(kind, payload, signal)
    if (decided.kind === 'over_budget') return decided
    const said = decided.payload.toString('utf8')
    if (decided.kind === 'failed') return { kind: 'failed', detail: String(JSON.parse(said)) }
    const value: T = JSON.parse(said)
    return { kind: 'done', value }
  }

  const asPayload = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value))
  return {
    disassemble: (raw, { signal } = {}) => ask<DisassembledMail>(JOB.disassemble, raw, signal),
    attachedLists: (raw) => ask<readonly AttachedList[]>(JOB.attachedLists, raw),
    occurs: (question) => ask<readonly boolean[]>(JOB.occurs, asPayload(question)),
    sendable: (series) => ask<Series>(JOB.sendable, asPayload(series)),
    close: () => pool.close(),
  }
}
