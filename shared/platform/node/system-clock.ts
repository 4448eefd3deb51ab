import type { Clock } from '../small-ports.ts'

export const systemClock: Clock = { now: () => Date.now() }
