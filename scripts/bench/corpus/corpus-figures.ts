import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Figure, FigureOptions } from '../../figures/figure.ts'
import { openBenchTenant } from './open-bench-tenant.ts'

/** Each mail is decided within this, retries and queue hops included: two reads of 2 s, and a second for everything else. */
const BUDGET_MS = 5000

/**
 * Feeds every real file of a folder through the product's own doors: an `.eml` as received mail, an `.ics` wrapped in a mail to
 * `create@`. Each must end in exactly one stored outcome; nothing may throw; none may take longer than the budget.
 */
export async function corpusFigures({ dir }: FigureOptions): Promise<readonly Figure[]> {
  if (dir === undefined) throw new Error('corpus needs --dir FOLDER with .eml and .ics files')
  const files = (await readdir(dir, { recursive: true })).filter((name) => /\.(eml|ics)$/i.test(name)).toSorted()
  if (files.length === 0) throw new Error(`there is no .eml or .ics file below ${dir}`)
  const tenant = await openBenchTenant()
  const outcomes = new Map<string, number>()
  let withoutOutcome = 0
  let uncaught = 0
  let overBudget = 0
  try {
    for (const [index, name] of files.entries()) {
      const bytes = await readFile(join(dir, name))
      const startedAt = performance.now()
      const received = await tenant.receive(name.toLowerCase().endsWith('.ics') ? wrapped(bytes, index) : bytes)
      if (performance.now() - startedAt > BUDGET_MS || received.outcome?.reason === 'over_budget') overBudget += 1
      if (received.outcome === undefined) withoutOutcome += 1
      uncaught += received.uncaught.length
      for (const error of received.uncaught) process.stderr.write(`${name}: ${error}\n`)
      const word = received.outcome === undefined ? 'none' : `${received.outcome.kind} ${received.outcome.reason}`
      outcomes.set(word, (outcomes.get(word) ?? 0) + 1)
      process.stderr.write(`${word.padEnd(40)} ${name}\n`)
    }
  } finally {
    await tenant.close()
  }
  for (const [word, count] of [...outcomes].toSorted((a, b) => b[1] - a[1])) process.stdout.write(`${count}\t${word}\n`)
  const figure = (name: string, value: number): Figure => ({ group: 'corpus', name, value, unit: 'files' })
  return [
    figure('files', files.length),
    figure('without_outcome', withoutOutcome),
    figure('uncaught', uncaught),
    figure('over_budget', overBudget),
  ]
}

/** A calendar file as the only part of a mail that a person forwards to `create@`. */
function wrapped(calendar: Uint8Array, index: number): Uint8Array {
  const head = [
    'From: Organizer <organizer@example.com>',
    'To: create@demo.localhost',
    `Subject: calendar file ${index}`,
    `Message-ID: <corpus-${index}@example.com>`,
    'MIME-Version: 1.0',
    'Content-Type: text/calendar; name="invite.ics"',
    'Content-Transfer-Encoding: base64',
    'Content-Disposition: attachment; filename="invite.ics"',
    '',
    (
      Buffer.from(calendar)
        .toString('base64')
        .match(/.{1,76}/g) ?? []
    ).join('\r\n'),
    '',
  ]
  return Buffer.from(head.join('\r\n'))
}
