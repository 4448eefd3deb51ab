import { parseArgs } from 'node:util'
import { groups } from './groups.ts'
import { runGroups } from './run-groups.ts'

const usage = 'npm run figures -- [NAME…] [--full] [--dir FOLDER]'

const output = {
  out: (line: string) => void process.stdout.write(`${line}\n`),
  error: (line: string) => void process.stderr.write(`${line}\n`),
}

function parse() {
  try {
    return parseArgs({ allowPositionals: true, options: { full: { type: 'boolean' }, dir: { type: 'string' } } })
  } catch (error) {
    output.error(`figures: ${error instanceof Error ? error.message : String(error)}\n${usage}`)
    return undefined
  }
}

const args = parse()
if (args === undefined) process.exitCode = 2
else {
  const { full = false, dir } = args.values
  const options = dir === undefined ? { full } : { full, dir }
  process.exitCode = await runGroups(groups, args.positionals, options, output)
}
