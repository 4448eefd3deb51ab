import type { ControlCommand } from '../command.ts'
import { showOne } from './show.ts'

type Row = {
  readonly noun: string
  readonly verb: string
  readonly summary: string
  readonly positionals: readonly string[]
  /** From the positionals, each already encoded. */
  readonly path: (...positionals: readonly string[]) => string
}

/** A command that shows one thing as the API tells it. */
export function look({ path, ...row }: Row): ControlCommand {
  return {
    plane: 'control',
    ...row,
    options: {},
    async run(control, { positionals }) {
      const json = await control.api(path(...positionals.map(encodeURIComponent)))
      return { text: showOne(json), json }
    },
  }
}
