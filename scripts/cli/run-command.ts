import { parseArgs } from 'node:util'
import { Failure } from '#shared/errors/failure.ts'
import { CliFailure } from './cli-failure.ts'
import { type Answer, type Asked, type Command, type ControlCommand, isControlCommand } from './command.ts'
import { commands } from './commands.ts'
import { DryRun, findControlPlane } from './control-plane.ts'
import { commandHelp, commonFlags, overview } from './help.ts'
import { findProduct } from './product.ts'

export type Terminal = {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly out: (text: string) => void
  readonly error: (text: string) => void
}

/** Runs one command line. Answers the exit code: 0, 1 when it was refused or nothing runs, 2 when it was written wrongly. */
export async function runCommand(args: readonly string[], terminal: Terminal): Promise<0 | 1 | 2> {
  const isJson = args.includes('--json')
  try {
    const [noun, verb, ...rest] = args
    if (noun === undefined || noun === '--help' || noun === 'help') {
      terminal.out(overview(commands))
      return 0
    }
    const command = commands.find((one) => one.noun === noun && one.verb === verb)
    if (command === undefined) throw CliFailure.usage(unknownCommand(noun, verb))
    if (rest.includes('--help')) {
      terminal.out(commandHelp(command))
      return 0
    }
    const answer = await runOne(command, parseFor(command, rest), terminal)
    terminal.out(isJson ? JSON.stringify(answer.json, null, 2) : answer.text)
    return 0
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    if (isJson) terminal.error(JSON.stringify({ code: error.code, message: error.message }))
    else terminal.error(`convoke: ${error.message}`)
    return error.code === 'cli.usage' ? 2 : 1
  }
}

async function runOne(command: Command, asked: Asked, terminal: Terminal): Promise<Answer> {
  if (!isControlCommand(command)) return command.run(await findProduct(terminal.env), asked)
  const isDry = asked.flags.has('dry-run')
  if (command.act === 'final' && !isDry && !asked.flags.has('yes'))
    throw CliFailure.usage(
      `this cannot be undone: say --yes, or --dry-run to see what would be asked\n${commandHelp(command)}`,
    )
  return runOnControl(command, asked, terminal, isDry)
}

async function runOnControl(
  command: ControlCommand,
  asked: Asked,
  terminal: Terminal,
  isDry: boolean,
): Promise<Answer> {
  try {
    return await command.run(await findControlPlane(terminal.env, isDry), asked)
  } catch (error) {
    if (!(error instanceof DryRun)) throw error
    const { method, path, body } = error.asked
    const shown = body === undefined ? '' : `\n${JSON.stringify(body, null, 2)}`
    return {
      text: `Nothing was changed. Without --dry-run it asks:\n${method} ${path}${shown}`,
      json: { dry_run: true, ...error.asked },
    }
  }
}

function unknownCommand(noun: string, verb: string | undefined): string {
  const verbs = commands.filter((one) => one.noun === noun).map((one) => `${noun} ${one.verb}`)
  if (verbs.length > 0) return `there are: ${verbs.join(', ')}`
  return `there is no command ${[noun, verb].filter(Boolean).join(' ')}. npm run convoke -- --help lists them all`
}

function parseFor(command: Command, args: readonly string[]): Asked {
  const names = Object.keys(command.options)
  const parsed = parseRaw(args, command)
  if (parsed.positionals.length !== command.positionals.length) {
    throw CliFailure.usage(`expected ${command.positionals.join(' ') || 'no words'}\n${commandHelp(command)}`)
  }
  const options = Object.fromEntries(
    names.map((name) => {
      const value = parsed.values[name]
      return [name, typeof value === 'string' ? value : undefined]
    }),
  )
  for (const [name, row] of Object.entries(command.options)) {
    if (row.isRequired && options[name] === undefined) {
      throw CliFailure.usage(`--${name} is missing\n${commandHelp(command)}`)
    }
  }
  const flags = new Set(Object.entries(parsed.values).flatMap(([name, value]) => (value === true ? [name] : [])))
  return { positionals: parsed.positionals, options, flags, isJson: flags.has('json') }
}

function parseRaw(args: readonly string[], command: Command) {
  const options: Record<string, { type: 'string' | 'boolean' }> = {}
  for (const [name] of commonFlags(command)) options[name] = { type: 'boolean' }
  for (const [name, { value }] of Object.entries(command.options))
    options[name] = { type: value === undefined ? 'boolean' : 'string' }
  try {
    return parseArgs({ args: [...args], allowPositionals: true, options })
  } catch (error) {
    throw CliFailure.usage(`${error instanceof Error ? error.message : String(error)}\n${commandHelp(command)}`)
  }
}
