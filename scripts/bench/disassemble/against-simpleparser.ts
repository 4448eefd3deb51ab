import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { simpleParser } from 'mailparser'
import { disassembleMail } from '#shared/imip/read/disassemble-mail.ts'
import type { Figure } from '../../figures/figure.ts'

const FIXTURES = join(import.meta.dirname, '../../../shared/imip/read/fixtures')
/** Invites of 21 to 24 KB as the three big clients send them. */
const INVITES = ['google-request', 'outlook-request', 'apple-request']
const ROUNDS = { quick: 7, full: 21 }
/** Long enough that a round outlasts a collection of garbage. */
const MAILS_PER_ROUND = 90

type Contender = (raw: Buffer) => Promise<unknown>

/** CPU microseconds per mail, own process; work that `run` moves to another process is counted by wall clock, as it is waited for. */
async function costOf(run: Contender, mails: readonly Buffer[]): Promise<number> {
  const cpu = process.cpuUsage()
  const wall = performance.now()
  for (let i = 0; i < MAILS_PER_ROUND; i++) {
    const raw = mails[i % mails.length]
    if (raw) await run(raw)
  }
  const used = process.cpuUsage(cpu)
  const waited = (performance.now() - wall) * 1_000
  return Math.max(used.user + used.system, waited) / MAILS_PER_ROUND
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
}

/** Both find the same calendar and text, before anyone's speed counts. */
async function proveSameWork(mails: readonly Buffer[]): Promise<void> {
  for (const raw of mails) {
    const [ours, theirs] = [await disassembleMail(raw), await simpleParser(raw)]
    const calendar = theirs.attachments.find(({ contentType }) => contentType === 'text/calendar')
    assert.equal(ours.calendars.length, 1)
    assert.match(calendar?.content.toString('utf8') ?? '', /BEGIN:VCALENDAR/)
    assert.equal(ours.text?.trim(), theirs.text?.trim())
    assert.equal(ours.subject, theirs.subject)
  }
}

/** Interleaved rounds of `run` and simpleParser with its defaults; the figure is the median of the rounds' ratios. */
export async function measureAgainstSimpleParser(run: Contender, isFull: boolean): Promise<readonly Figure[]> {
  const mails = INVITES.map((name) => readFileSync(join(FIXTURES, `${name}.eml`)))
  await proveSameWork(mails)
  const peer: Contender = (raw) => simpleParser(raw)
  for (let i = 0; i < 3; i++) {
    await costOf(run, mails)
    await costOf(peer, mails)
  }
  const ratios: number[] = []
  for (let round = 0; round < (isFull ? ROUNDS.full : ROUNDS.quick); round++) {
    const ours = await costOf(run, mails)
    ratios.push((await costOf(peer, mails)) / ours)
  }
  return [{ group: 'disassemble', name: 'vs_simpleparser', value: median(ratios), unit: 'x' }]
}
