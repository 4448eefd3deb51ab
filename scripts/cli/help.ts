import { type Command, isControlCommand } from './command.ts'

const call = 'npm run convoke --'

function lineOf(command: Command): string {
  const required = Object.entries(command.options).filter(([, row]) => row.isRequired)
  return [
    command.noun,
    command.verb,
    ...command.positionals,
    ...required.map(([name, row]) => `--${name} ${row.value ?? ''}`.trimEnd()),
  ].join(' ')
}

/** Every command with its one line. */
export function overview(commands: readonly Command[]): string {
  const lines = commands.map((command) => [lineOf(command), command.summary] as const)
  const width = Math.max(...lines.map(([line]) => line.length))
  return [
    `Use: ${call} <noun> <verb> …`,
    '',
    ...lines.map(([line, summary]) => `  ${line.padEnd(width)}  ${summary}`),
    '',
    '--json answers for programs; --help behind a command tells its options.',
    'CONVOKE_API_KEY takes the place of the demo key, CONVOKE_CONTROL_KEY that of the vendor; the other settings are those of npm start (.env.example).',
  ].join('\n')
}

/** One command with its options. */
export function commandHelp(command: Command): string {
  const options = [
    ...Object.entries(command.options).map(
      ([name, row]) => [`--${name} ${row.value ?? ''}`.trimEnd(), row.help] as const,
    ),
    ...commonFlags(command).map(([name, help]) => [`--${name}`, help] as const),
  ]
  const width = Math.max(...options.map(([line]) => line.length))
  return [
    `Use: ${call} ${lineOf(command)}`,
    command.summary,
    '',
    ...options.map(([line, help]) => `  ${line.padEnd(width)}  ${help}`),
  ].join('\n')
}

/** Flags that a command has beside its own. */
export function commonFlags(command: Command): readonly (readonly [name: string, help: string])[] {
  const act = isControlCommand(command) ? command.act : undefined
  return [
    ...(act === undefined ? [] : [['dry-run', 'Show what would be asked, and change nothing'] as const]),
    ...(act === 'final' ? [['yes', 'Do it: it cannot be undone'] as const] : []),
    ['json', 'Answer as JSON'],
  ]
}
