import { readFile } from 'node:fs/promises'
import * as z from 'zod'
import { CliFailure } from './cli-failure.ts'
import type { OptionRow } from './command.ts'

/** How a command that needs the credentials of an AWS account is told of the installation there. */
export const environmentOption = {
  value: 'FILE',
  help: 'Variables of one of its functions: aws lambda get-function-configuration … --query Environment.Variables',
  isRequired: true,
} as const satisfies OptionRow

/** The variables in such a file. Throws `cli.usage`. */
export async function functionVariables(file: string): Promise<Readonly<Record<string, string>>> {
  try {
    return z.record(z.string(), z.string()).parse(JSON.parse(await readFile(file, 'utf8')))
  } catch (cause) {
    throw CliFailure.usage(`${file} does not hold the variables of a function as JSON`, { cause })
  }
}
