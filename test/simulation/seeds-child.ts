import { parseArgs } from 'node:util'
import { runSeeds } from './run-seeds.ts'

/** `--from 1 --count 500 --every 1`: runs seeds and prints what came of them as one line of JSON. */
const { values } = parseArgs({
  options: { from: { type: 'string' }, count: { type: 'string' }, every: { type: 'string' } },
})
const simulated = await runSeeds({
  from: Number(values.from ?? 1),
  count: Number(values.count ?? 1),
  every: Number(values.every ?? 1),
})
process.stdout.write(`${JSON.stringify(simulated)}\n`)
