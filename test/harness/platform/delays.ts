import { setImmediate as nextTurn } from 'node:timers/promises'
import { aroundPorts, type Ports } from './around-ports.ts'
import { createSeededRandom } from './seeded-random.ts'

/** Event-loop turns a call may be held up before it starts, and again before its answer is heard. */
const TURNS_MAX = 4

/** Ports whose concurrent calls happen, and are answered, in another order for each seed. */
export function withDelays(ports: Ports, seed: number): Ports {
  const random = createSeededRandom(seed)
  async function hold(): Promise<void> {
    for (let turns = random.below(TURNS_MAX + 1); turns > 0; turns -= 1) await nextTurn()
  }
  return aroundPorts(ports, async (_port, _verb, act) => {
    await hold()
    const result = await act()
    await hold()
    return result
  })
}
