import { parseArgs } from 'node:util'
import { runFuzz } from './run-fuzz.ts'

/** `--from 1 --count 500 [--dir FOLDER]`: tries mutated mails and prints what came of them as one line of JSON. */
const { values } = parseArgs({
  options: { from: { type: 'string' }, count: { type: 'string' }, dir: { type: 'string' } },
})
const { dir } = values
const fuzzed = await runFuzz({
  from: Number(values.from ?? 1),
  count: Number(values.count ?? 1),
  ...(dir === undefined ? {} : { dir }),
})
process.stdout.write(`${JSON.stringify(fuzzed)}\n`)
