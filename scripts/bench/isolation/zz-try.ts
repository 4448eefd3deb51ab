import { runIsolation } from './run-isolation.ts'
const t = performance.now()
const r = await runIsolation({ every: 23, guardsEvery: 1 })
process.stdout.write(JSON.stringify({ requests: r.requests, holes: r.holes, guards: r.guards.length, missed: r.guards.filter((g) => !g.isCaught), s: (performance.now() - t) / 1000 }))
