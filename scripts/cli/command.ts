import type { ControlPlane } from './control-plane.ts'
import type { Product } from './product.ts'

export type OptionRow = {
  /** Shown in the help: what the value is; absent: a flag. */
  readonly value?: string
  readonly help: string
  readonly isRequired?: true
}

/** What a verb was asked, already checked against its own rows. */
export type Asked = {
  readonly positionals: readonly string[]
  readonly options: Readonly<Record<string, string | undefined>>
  readonly flags: ReadonlySet<string>
  /** The answer is for programs: nothing but it may be written. */
  readonly isJson: boolean
}

/** What a verb has to say: the same facts for people and for programs. */
export type Answer = { readonly text: string; readonly json: unknown }

type Common = {
  readonly noun: string
  readonly verb: string
  readonly summary: string
  /** Names of the positionals, in capitals; all are required. */
  readonly positionals: readonly string[]
  readonly options: Readonly<Record<string, OptionRow>>
}

/** Of the running product of one tenant. */
export type TenantCommand = Common & { readonly run: (product: Product, asked: Asked) => Promise<Answer> }

/** Of the control plane. */
export type ControlCommand = Common & {
  readonly plane: 'control'
  /** Changes something: has `--dry-run`, and where it cannot be undone wants `--yes`. */
  readonly act?: 'undoable' | 'final'
  readonly run: (control: ControlPlane, asked: Asked) => Promise<Answer>
}

export type Command = TenantCommand | ControlCommand

export function isControlCommand(command: Command): command is ControlCommand {
  return 'plane' in command
}
