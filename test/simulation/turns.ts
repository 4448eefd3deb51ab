import { setImmediate as nextTurn } from 'node:timers/promises'
import { aroundPorts, type Ports } from '../harness/platform/around-ports.ts'
import type { SeededRandom } from '../harness/platform/seeded-random.ts'

export type Turns = {
  /** The same ports, whose every call waits until it is let go on; one of a dead process then fails. */
  readonly gate: (ports: Ports, isDead: () => boolean) => Ports
  readonly waiting: () => number
  /** Lets one waiting call happen, whichever the seed has it, and returns when everybody waits or is done again. */
  readonly next: () => Promise<void>
  readonly rest: () => Promise<void>
}

/** Handlers that run at once take turns at each call of a port: the same seed gives the same order, on any machine. */
export function createTurns(random: SeededRandom): Turns {
  const waiting: (() => void)[] = []
  let busy = 0

  /** A call's answer is heard within the turn it comes in: after one more, whoever heard it has asked for the next or is done. */
  async function rest(): Promise<void> {
    do await nextTurn()
    while (busy > 0)
  }

  return {
    gate: (ports, isDead) =>
      aroundPorts(ports, async (_port, _verb, act) => {
        await new Promise<void>((resolve) => void waiting.push(resolve))
        if (isDead()) throw new Error('injected crash: this process is dead')
        busy += 1
        try {
          return await act()
        } finally {
          busy -= 1
        }
      }),
    waiting: () => waiting.length,
    async next() {
      const [goOn] = waiting.splice(random.below(waiting.length), 1)
      goOn?.()
      await rest()
    },
    rest,
  }
}
