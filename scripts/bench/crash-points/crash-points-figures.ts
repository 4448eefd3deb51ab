import { pipelineNames } from '#tenant-stack/manifest.ts'
import type { Figure } from '../../figures/figure.ts'
import { runSuite } from '../emulator/run-suite.ts'

const GROUP = 'crash_points'
/** The suites that play stories at every effect. */
const SUITES = ['points', 'lists', 'by-api', 'licence'].map((name) => `test/product/crash-${name}`)
const COUNTS = { boundaries: 'effects', runs: 'runs', lost: 'mails', doubled: 'mails', otherwise: 'endings' }

/**
 * Plays every story of the suites with a worker that dies before and after each of its effects, alone and beside a twin, or hears of a failure
 * there; lets another go on, and compares what is there in the end with the story in which nothing fails. `lost` and `doubled` are mails;
 * `otherwise` are endings that differ in anything else (an outcome, a counter, a suppression) or that were none. Throws when a pipeline of the
 * manifest had nothing to do in any of them.
 */
export async function crashPointsFigures(): Promise<readonly Figure[]> {
  const { cases, reported } = await runSuite('--project', 'product', ...SUITES)
  for (const { title, failureMessages, status } of cases)
    if (status === 'failed') process.stdout.write(`crash_points: ${title}: ${failureMessages?.[0]?.split('\n')[0]}\n`)
  const of = (name: string) => [...reported].filter(([key]) => key.split('\n')[1] === name).map(([, value]) => value)
  const idle = pipelineNames().filter((name) => of(`pipeline ${name}`).length === 0)
  if (idle.length > 0) throw new Error(`no story has anything to do for ${idle.join(', ')}`)
  const sum = (name: string) => of(name).reduce((total, value) => total + value, 0)
  return [
    { group: GROUP, name: 'stories', value: of('boundaries').length, unit: 'stories' },
    ...Object.entries(COUNTS).map(([name, unit]) => ({ group: GROUP, name, value: sum(name), unit })),
    { group: GROUP, name: 'failed', value: cases.filter(({ status }) => status === 'failed').length, unit: 'cases' },
  ]
}
