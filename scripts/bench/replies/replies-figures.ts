import type { Figure, RunGroup } from '../../figures/figure.ts'
import { median } from '../compose/interleaved.ts'
import { sideBySide } from '../side-by-side/side-by-side.ts'
import { CONTENDERS, type ContenderName } from './contenders.ts'

/**
 * A reply from its bytes to its decision against mailparser and ical.js doing the same, by CPU seconds, one mail at a time: the product
 * crosses into the budgeted child for it (`without_hop`: what it would be in one process). All must read the same facts first.
 */
export const repliesFigures: RunGroup = async ({ full }) => {
  const rounds = await sideBySide<ContenderName>({
    worker: new URL('worker.ts', import.meta.url),
    contenders: CONTENDERS,
    mailsPerRound: { product: 1600, without_hop: 3200, simpleparser_icaljs: 480 },
    oracle: 'simpleparser_icaljs',
    full,
  })
  const ratio = (ours: ContenderName) => median(rounds.map((cost) => cost.simpleparser_icaljs / cost[ours]))
  return [
    figure('vs_simpleparser_icaljs', ratio('product'), 'x'),
    figure('vs_simpleparser_icaljs_without_hop', ratio('without_hop'), 'x'),
    figure('cpu_per_reply', median(rounds.map((cost) => cost.product)), 'us'),
  ]
}

function figure(name: string, value: number, unit: string): Figure {
  return { group: 'replies', name, value, unit }
}
