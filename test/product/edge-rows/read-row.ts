import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import * as z from 'zod'

/** One folder per fixture, named `<row>-<sentence>`: a mail, the mails before it, and what must come of it. */
const ROWS = fileURLToPath(new URL('rows', import.meta.url))

const Verdict = z.enum(['PASS', 'FAIL', 'GRAY', 'PROCESSING_FAILED'])

/** How a mail comes in: absent fields are a believed mail of the organizer to `create@`. */
const Envelope = z.strictObject({
  /** `reply`: the address the first invitation came from. */
  to: z.enum(['create', 'reply']).optional(),
  from: z.string().optional(),
  authentication: z
    .strictObject({
      spf: Verdict,
      dkim: Verdict,
      dmarc: Verdict,
      dkimDomains: z.array(z.string()),
    })
    .partial()
    .optional(),
})

const Outcome = z.strictObject({ kind: z.string(), reason: z.string(), answer: z.string() })

const ExpectedEvent = z.looseObject({
  subject: z.string(),
  start: z.string(),
  status: z.enum(['confirmed', 'cancelled']),
  sequence: z.number(),
  /** All of them, in alphabetical order; absent: none. */
  warnings: z.array(z.string()).default([]),
})

const Expectation = z.strictObject({
  /** Who is invited as soon as the first mail has made an event. */
  invite: z.array(z.string()).default([]),
  before: z.array(Envelope.extend({ outcome: Outcome })).default([]),
  mail: Envelope.default({}),
  outcome: Outcome,
  /** Every event of the tenant at the end, oldest first; fields as `showEvent` names them. */
  events: z.array(ExpectedEvent),
  /** Instances by key: whether the last event has them. */
  occurs: z.record(z.string(), z.boolean()).default({}),
  /** Mails that left because of the last mail: `<kind> <address>`. */
  sent: z.array(z.string()),
  /** What an attendee's own invitation to the last event holds and lacks, unfolded. */
  invitation: z.strictObject({ holds: z.array(z.string()), lacks: z.array(z.string()) }).optional(),
  /** Counted answers of the first event. */
  answers: z.record(z.string(), z.number()).optional(),
  /** What the first event's history keeps of answers, oldest first. */
  history: z.array(z.looseObject({ kind: z.string() })).optional(),
})

export type RowFixture = {
  readonly name: string
  /** The row of the table of edge cases, 1 to 55. */
  readonly row: number
  readonly before: readonly Uint8Array[]
  readonly mail: Uint8Array
  readonly expected: z.infer<typeof Expectation>
}

/** Every fixture, in the order of the rows. */
export function readRows(): readonly RowFixture[] {
  return readdirSync(ROWS).toSorted().map(readRow)
}

function readRow(name: string): RowFixture {
  const files = readdirSync(`${ROWS}/${name}`)
  const read = (file: string) => new Uint8Array(readFileSync(`${ROWS}/${name}/${file}`))
  const before = files.filter((file) => /^before-\d\.eml$/.test(file)).toSorted()
  const row = Number(/^(\d\d)-[a-z0-9]+(?:-[a-z0-9]+)+$/.exec(name)?.[1])
  const unknown = files.filter((file) => !before.includes(file) && file !== 'mail.eml' && file !== 'outcome.json')
  if (!(row >= 1 && row <= 55) || unknown.length > 0)
    throw new Error(`${name}: not a row's folder, or ${unknown} in it`)
  const expected = Expectation.parse(JSON.parse(readFileSync(`${ROWS}/${name}/outcome.json`, 'utf8')))
  if (expected.before.length !== before.length) throw new Error(`${name}: an outcome for each mail before is needed`)
  return { name, row, before: before.map(read), mail: read('mail.eml'), expected }
}
