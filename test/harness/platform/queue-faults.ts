import type { QueueFaults } from '#shared/platform/embedded/queue-messages.ts'
import { createSeededRandom } from './seeded-random.ts'

/** A queue at its worst within the rules: any order, and this share (0 to 1) of messages delivered twice. */
export function seededQueueFaults(seed: number, duplicateShare: number): QueueFaults {
  const random = createSeededRandom(seed)
  return { shuffle: random.shuffle, isDuplicated: () => random.next() < duplicateShare }
}
