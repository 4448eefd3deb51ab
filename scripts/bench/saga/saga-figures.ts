import type { Figure, RunGroup } from '../../figures/figure.ts'
import { sweep } from './sweep.ts'

/** Quick: every point of a delegated domain's life once, and every fifth of one whose records are entered by hand; `--full`: all faults at all points. */
export const sagaFigures: RunGroup = async ({ full }) => {
  const say = (text: string) => void process.stdout.write(`saga: ${text}\n`)
  const delegated = await sweep({ whole: full, say })
  const manual = await sweep({ whole: full, dnsMode: 'manual', stride: full ? 1 : 5, say })
  const stuck = delegated.stuck + manual.stuck
  if (stuck > 0) throw new Error(`${stuck} lives did not come to their end`)
  const sum = (name: 'points' | 'runs' | 'orphans' | 'doubles'): number => delegated[name] + manual[name]
  const rows = [
    ['points', sum('points'), 'points'],
    ['runs', sum('runs'), 'runs'],
    ['orphans', sum('orphans'), 'resources'],
    ['doubles', sum('doubles'), 'resources'],
  ] as const
  return rows.map(([name, value, unit]): Figure => ({ group: 'saga', name, value, unit }))
}
