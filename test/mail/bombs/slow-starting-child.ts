import { setTimeout as delay } from 'node:timers/promises'

// Longer than the budget of the job that waits for it.
await delay(1000)
await import('./hostile-child.ts')
