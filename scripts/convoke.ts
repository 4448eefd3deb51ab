import { runCommand } from './cli/run-command.ts'

// `npm run convoke -- <noun> <verb>`: the command line of a running product.

process.exitCode = await runCommand(process.argv.slice(2), {
  env: process.env,
  out: (text) => void process.stdout.write(text.endsWith('\n') ? text : `${text}\n`),
  error: (text) => void process.stderr.write(text.endsWith('\n') ? text : `${text}\n`),
})
