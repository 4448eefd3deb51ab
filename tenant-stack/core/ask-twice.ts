import type { Budgeted } from '#shared/imip/disassembled-mail.ts'

/** Asks the reader again when it did not answer: a busy machine can fail a harmless question once; failed twice, it is the cause itself. */
export async function askTwice<T>(ask: () => Promise<Budgeted<T>>): Promise<Budgeted<T>> {
  const first = await ask()
  return first.kind === 'done' ? first : ask()
}
