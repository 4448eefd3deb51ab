import type { Command } from './command.ts'

const call = 'npm run convoke --'

function lineOf(command: Command): string {
  const required = Object.entries(command.options).filter(([, row]) => row.isRequired)
  return [
    command.noun,
    command.verb,
    ...command.positionals,
    ...required.map(([name, row]) => `--${name} ${row.value}`),
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
    'CONVOKE_API_KEY takes the place of the demo key; the other settings are those of npm start (.env.example).',
  ].join('\n')
}

/** One command with its options. */
export function commandHelp(command: Command): string {
  const options = Object.entries(command.options).map(([name, row]) => [`--${name} ${row.value}`, row.help] as const)
  const width = Math.max(6, ...options.map(([line]) => line.length))
  return [
    `Use: ${call} ${lineOf(command)}`,
    command.summary,
    '',
    ...options.map(([line, help]) => `  ${line.padEnd(width)}  ${help}`),
    `  ${'--json'.padEnd(width)}  Answer as JSON`,
  ].join('\n')
}
