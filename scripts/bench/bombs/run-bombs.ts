import type { Series, Vevent } from '#shared/icalendar/model.ts'
import type { Decision } from '#shared/imip/budget/child-pool.ts'
import { createMailReader } from '#shared/imip/budget/mail-reader.ts'
import type { Budgeted, DisassembledMail, MailReader } from '#shared/imip/disassembled-mail.ts'
import type { Bomb, Scale } from './bomb.ts'
import { neighbours, printOf } from './neighbours.ts'

/** Of reliability.md. */
const WALL_MS = 2000
export const RSS_BYTES_MAX = 256 * 1024 * 1024

/** The watcher looks every 20 ms, and on a machine with other work its own turn may come late. */
const TOLERANCE_MS = 100

/** Keys a hostile series is asked for: near, far, never, and not a key at all. */
const KEYS = ['2026-03-10T10:00:00Z', '2099-12-31T10:00:00Z', '9999-12-31T23:59:59Z', '2026-03-10', 'no key']

/** Series asked about per mail; each question is a budget of its own. */
const SERIES_ASKED = 3

export type Blast = {
  readonly bomb: string
  readonly mailBytes: number
  /** The mail first, then each question about the series found in it. */
  readonly decisions: readonly Decision[]
  readonly reasons: readonly string[]
  readonly neighboursHurt: number
}

export type Verdict = 'decided' | 'killed' | 'failed' | 'over_budget'

/** Killed in time is within the budget; late, or large and let go, is over it. */
export function verdictOf(decision: Decision): Verdict {
  if (decision.elapsedMs > WALL_MS + TOLERANCE_MS) return 'over_budget'
  if (decision.outcome === 'over_budget') return 'killed'
  if (decision.peakBytes > RSS_BYTES_MAX) return 'over_budget'
  return decision.outcome === 'failed' ? 'failed' : 'decided'
}

/** Sets off each bomb between, before and behind ordinary mails in one reader of two children. */
export async function runBombs(
  bombs: readonly Bomb[],
  scale: Scale,
  onBlast: (blast: Blast) => void = () => undefined,
): Promise<readonly Blast[]> {
  let decisions: Decision[] = []
  const silent = { info: () => undefined, warn: () => undefined, error: () => undefined, metric: () => undefined }
  const reader = createMailReader({
    children: 2,
    log: silent,
    onDecision(decision, payload) {
      if (!neighbours.some((mail) => mail === payload)) decisions.push(decision)
    },
  })
  try {
    const right = await Promise.all(neighbours.map(async (mail) => printOf(await reader.disassemble(mail))))
    const blasts: Blast[] = []
    for (const bomb of bombs) {
      decisions = []
      const mail = bomb.mail(scale)
      const hurt = countHurt(reader, right)
      const reading = reader.disassemble(mail)
      const [before, read, beside] = await Promise.all([hurt, reading, countHurt(reader, right)])
      const asked = read.kind === 'done' ? await askAbout(reader, read.value) : []
      const neighboursHurt = before + beside + (await countHurt(reader, right))
      const reasons = [reasonOf(read), ...asked]
      const blast: Blast = { bomb: bomb.name, mailBytes: mail.length, decisions, reasons, neighboursHurt }
      onBlast(blast)
      blasts.push(blast)
    }
    return blasts
  } finally {
    await reader.close()
  }
}

async function countHurt(reader: MailReader, right: readonly string[]): Promise<number> {
  const prints = await Promise.all(neighbours.map(async (mail) => printOf(await reader.disassemble(mail))))
  return prints.filter((print, index) => print !== right[index]).length
}

async function askAbout(reader: MailReader, mail: DisassembledMail): Promise<readonly string[]> {
  const found = mail.calendars.flatMap(({ calendar }) =>
    calendar.vevents.map((one) => seriesOf(one, calendar.customZones)),
  )
  const answers = found
    .filter(({ master }) => master?.recurrence !== undefined)
    .slice(0, SERIES_ASKED)
    .map(async (series) => {
      const [occurs, sendable] = [await reader.occurs({ series, recurrenceKeys: KEYS }), await reader.sendable(series)]
      return `occurs ${kindOf(occurs)}, sendable ${kindOf(sendable)}`
    })
  return Promise.all(answers)
}

function seriesOf(master: Vevent, customZones: Series['customZones']): Series {
  return { uid: master.uid, master, overrides: [], cancelled: [], customZones }
}

function kindOf(answer: Budgeted<unknown>): string {
  return answer.kind === 'failed' ? `failed (${answer.detail})` : answer.kind
}

function reasonOf(read: Budgeted<DisassembledMail>): string {
  if (read.kind === 'over_budget') return `killed: ${read.limit}`
  if (read.kind === 'failed') return `failed: ${read.detail}`
  const { readBy, calendars, unreadable } = read.value
  return `${readBy}, ${calendars.length} calendars, ${unreadable.map(({ reason }) => reason).join(' ') || 'all read'}`
}
