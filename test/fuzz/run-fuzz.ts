import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Decision } from '#shared/imip/budget/child-pool.ts'
import { createMailReader } from '#shared/imip/budget/mail-reader.ts'
import type { MailReader } from '#shared/imip/disassembled-mail.ts'
import { organizerMail } from '../fixtures/organizer-mails.ts'
import { createCollectingLog } from '../harness/platform/collecting-log.ts'
import { createMemoryPlatform } from '../harness/platform/memory-platform.ts'
import { createSeededRandom } from '../harness/platform/seeded-random.ts'
import { readSample, sampleNames } from '../harness/samples.ts'
import { createTestTenant, queueDefinitions, type TestTenant } from '../harness/tenant/test-tenant.ts'
import { mutated } from './mutate.ts'

export type Fuzzed = {
  readonly tried: number
  /** Thrown by a pipeline, or left without an outcome and its reason. */
  readonly uncaught: number
  /** Decided later than the budget of a mail, or by a reader that was let grow beyond it. */
  readonly overBudget: number
  /** How often each outcome was the end of it. */
  readonly outcomes: Readonly<Record<string, number>>
  readonly failures: readonly string[]
}

/** Of every mail reader; its watcher looks every 20 ms, and its own turn may come late. */
const WALL_MS = 2000 + 100
const RSS_BYTES_MAX = 256 * 1024 * 1024
/** So many mails one after the other into the same tenant, who then knows their events. */
const TRIES_A_TENANT = 100
const FAILURES_SHOWN = 10

/** Puts mutated mails of real shapes through the whole way in, from the door to the outcome; `dir`: `.eml` files to begin with. */
export async function runFuzz(options: {
  readonly from: number
  readonly count: number
  readonly dir?: string
  /** A reader with a fault, to see that it is found. */
  readonly planted?: (reader: MailReader) => MailReader
}): Promise<Fuzzed> {
  const mails = options.dir === undefined ? ownMails() : [...ownMails(), ...filesOf(options.dir)]
  let overBudget = 0
  const onDecision = ({ elapsedMs, peakBytes, outcome }: Decision) => {
    if (elapsedMs > WALL_MS || (outcome !== 'over_budget' && peakBytes > RSS_BYTES_MAX)) overBudget += 1
  }
  const whole = createMailReader({ log: createCollectingLog(), onDecision })
  const reader = options.planted?.(whole) ?? whole
  const outcomes: Record<string, number> = {}
  const failures: string[] = []
  let uncaught = 0
  let tenant: TestTenant | undefined
  for (let at = 0; at < options.count; at += 1) {
    if (tenant === undefined || at % TRIES_A_TENANT === 0) {
      await tenant?.close()
      const platform = await createMemoryPlatform({ queueDefinitions: queueDefinitions(), isWithoutFiles: true })
      tenant = await createTestTenant({ platform, reader })
    }
    const seed = options.from + at
    const random = createSeededRandom(seed)
    const { raw, names } = mutated(mails[random.below(mails.length)] ?? Buffer.alloc(0), random)
    const ended = await endOf(tenant, raw)
    outcomes[ended.outcome] = (outcomes[ended.outcome] ?? 0) + 1
    if (ended.error === undefined) continue
    uncaught += 1
    if (failures.length < FAILURES_SHOWN) failures.push(`SEED=${seed} ${names.join(', ')}: ${ended.error}`)
    // What was thrown may lie in a queue still: the next mail is not to meet it.
    await tenant.close()
    tenant = undefined
  }
  await tenant?.close()
  await reader.close()
  return { tried: options.count, uncaught, overBudget, outcomes, failures }
}

async function endOf(tenant: TestTenant, raw: Buffer): Promise<{ readonly outcome: string; readonly error?: string }> {
  try {
    const { kind, reason } = await tenant.receive(raw, { from: 'ana.diaz@example.com' })
    return reason === '' ? { outcome: kind, error: 'no reason' } : { outcome: `${kind} ${reason}` }
  } catch (error) {
    return { outcome: 'none', error: error instanceof Error ? (error.stack ?? error.message) : String(error) }
  }
}

function ownMails(): readonly Buffer[] {
  const weekly = ['DTSTART;TZID=Europe/Madrid:20270305T100000', 'DURATION:PT1H', 'RRULE:FREQ=WEEKLY;COUNT=9']
  return [...sampleNames().map(readSample), Buffer.from(organizerMail({ uid: 'fuzz@example.com', lines: weekly }))].map(
    (mail) => Buffer.from(mail.toString('latin1').replaceAll(/\r?\n/g, '\r\n'), 'latin1'),
  )
}

function filesOf(dir: string): readonly Buffer[] {
  const names = readdirSync(dir, { recursive: true, encoding: 'utf8' }).filter((name) => /\.eml$/i.test(name))
  return names.toSorted().map((name) => readFileSync(join(dir, name)))
}
