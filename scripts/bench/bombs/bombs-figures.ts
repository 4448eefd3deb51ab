import type { Figure, FigureOptions } from '../../figures/figure.ts'
import { allBombs } from './all-bombs.ts'
import { type Blast, runBombs, verdictOf } from './run-bombs.ts'

/** One line per bomb on stdout, so that a figure that is not 0 can be looked into. */
function lineOf(blast: Blast): string {
  const slowest = Math.max(...blast.decisions.map(({ elapsedMs }) => elapsedMs))
  const peak = Math.max(...blast.decisions.map(({ peakBytes }) => peakBytes))
  const size = (blast.mailBytes / 1e6).toFixed(1)
  const verdicts = blast.decisions.map(verdictOf).join(' ')
  const cost = `${Math.round(slowest)} ms ${Math.round(peak / 1024 / 1024)} MB`
  return `bombs: ${blast.bomb} (${size} MB): ${cost}: ${verdicts}: ${blast.reasons.join('; ')}`
}

/**
 * Every bomb, read as production reads mail. `over_budget` counts decisions later than 2 s (and 100 ms for the watcher) or
 * made by a child above 256 MB that was let go; `killed` those that needed the watcher, `failed` those where the reader threw.
 */
export async function bombsFigures({ full }: Pick<FigureOptions, 'full'>): Promise<readonly Figure[]> {
  const blasts = await runBombs(allBombs, full ? 'full' : 'quick', (blast) => {
    process.stdout.write(`${lineOf(blast)}\n`)
  })
  const verdicts = blasts.flatMap((blast) => blast.decisions.map(verdictOf))
  const bombsWith = (verdict: string): number =>
    blasts.filter(({ decisions }) => decisions.some((decision) => verdictOf(decision) === verdict)).length
  const all = blasts.flatMap(({ decisions }) => decisions)
  const figure = (name: string, value: number, unit: string): Figure => ({ group: 'bombs', name, value, unit })
  return [
    figure('tried', blasts.length, 'bombs'),
    figure('decisions', verdicts.length, 'decisions'),
    figure('over_budget', bombsWith('over_budget'), 'bombs'),
    figure(
      'neighbours_hurt',
      blasts.reduce((sum, { neighboursHurt }) => sum + neighboursHurt, 0),
      'mails',
    ),
    figure('killed', bombsWith('killed'), 'bombs'),
    figure('failed', bombsWith('failed'), 'bombs'),
    figure('slowest_ms', Math.max(...all.map(({ elapsedMs }) => elapsedMs)), 'ms'),
    figure('peak_mb', Math.max(...all.map(({ peakBytes }) => peakBytes)) / 1024 / 1024, 'mb'),
  ]
}
