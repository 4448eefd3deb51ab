import type { Product } from './product.ts'

export type OptionRow = {
  /** Shown in the help: what the value is. */
  readonly value: string
  readonly help: string
  readonly isRequired?: true
}

/** What a verb was asked, already checked against its own rows. */
export type Asked = {
  readonly positionals: readonly string[]
  readonly options: Readonly<Record<string, string | undefined>>
}

/** What a verb has to say: the same facts for people and for programs. */
export type Answer = { readonly text: string; readonly json: unknown }

export type Command = {
  readonly noun: string
  readonly verb: string
  readonly summary: string
  /** Names of the positionals, in capitals; all are required. */
  readonly positionals: readonly string[]
  readonly options: Readonly<Record<string, OptionRow>>
  readonly run: (product: Product, asked: Asked) => Promise<Answer>
}
