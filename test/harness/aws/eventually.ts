import { setTimeout as delay } from 'node:timers/promises'

/** Cold functions on a busy machine need their time; what never comes ends the test, not the suite. */
const WAIT_MS_MAX = 60_000

/** What `look` finds once it finds something; rejects with `what` when it never does. */
export async function eventually<T>(what: string, look: () => Promise<T | undefined> | T | undefined): Promise<T> {
  const giveUpAt = performance.now() + WAIT_MS_MAX
  for (;;) {
    const found = await look()
    if (found !== undefined) return found
    if (performance.now() > giveUpAt) throw new Error(`never came: ${what}`)
    await delay(100)
  }
}
