import type { Figure } from '../../figures/figure.ts'
import { median } from '../compose/interleaved.ts'
import { sideBySide } from '../side-by-side/side-by-side.ts'
import { CONTENDERS, type ContenderName } from './contenders.ts'

/**
 * The create path against mailparser's simpleParser alone, by CPU seconds, one mail at a time: the product takes the mail to its
 * decision and crosses into the budgeted child for it, the peer only takes it apart. All must read the same facts first.
 */
export async function figuresAgainstPeers(isFull: boolean): Promise<readonly Figure[]> {
  const rounds = await sideBySide<ContenderName>({
    worker: new URL('worker.ts', import.meta.url),
    contenders: CONTENDERS,
    mailsPerRound: { product: 900, without_hop: 1200, simpleparser: 240, simpleparser_icaljs: 240 },
    oracle: 'simpleparser_icaljs',
    full: isFull,
  })
  const ratio = (ours: ContenderName, peer: ContenderName) => median(rounds.map((cost) => cost[peer] / cost[ours]))
  return [
    figure('vs_simpleparser', ratio('product', 'simpleparser'), 'x'),
    figure('vs_simpleparser_icaljs', ratio('product', 'simpleparser_icaljs'), 'x'),
    figure('vs_simpleparser_without_hop', ratio('without_hop', 'simpleparser'), 'x'),
    figure('cpu_per_mail', median(rounds.map((cost) => cost.product)), 'us'),
  ]
}

function figure(name: string, value: number, unit: string): Figure {
  return { group: 'disassemble', name, value, unit }
}
