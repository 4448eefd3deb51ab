/** Injected, so that tests neither wait nor guess. */
export type Backoff = {
  /** From 0 up to, not including, 1. */
  readonly random: () => number
  readonly delay: (milliseconds: number) => Promise<void>
}

/** Tries of one call, the first included. */
export const TRIES_MAX = 8
const FIRST_DELAY_MILLISECONDS = 25
const DELAY_MILLISECONDS_MAX = 1600

export const systemBackoff: Backoff = {
  random: Math.random,
  delay: (milliseconds) => new Promise((resolve) => void setTimeout(resolve, milliseconds)),
}

/** Waits before try `tryNumber` + 1: full jitter, so that racers who met once do not meet again. */
export function pause({ random, delay }: Backoff, tryNumber: number): Promise<void> {
  const ceiling = Math.min(DELAY_MILLISECONDS_MAX, FIRST_DELAY_MILLISECONDS * 2 ** (tryNumber - 1))
  return delay(random() * ceiling)
}
