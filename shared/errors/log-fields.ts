import { Failure } from './failure.ts'

/** Most characters of a bug's message and place that go to a log. */
const CHARACTERS_MAX = 500

/**
 * What a log may say of a thrown value: a named failure speaks by its code alone; a bug by its message and where it was thrown, never by
 * the record that it was thrown over.
 */
export function logFieldsOf(error: unknown): { readonly code: string; readonly error?: string } {
  if (error instanceof Failure) return { code: error.code }
  if (!(error instanceof Error)) return { code: 'bug', error: typeof error }
  // Their messages quote what they could not read.
  if (error.name === 'SyntaxError' || error.name === 'ZodError') return { code: 'unreadable', error: error.name }
  const place = error.stack?.split('\n')[1]?.trim() ?? ''
  return { code: 'bug', error: `${error.message} ${place}`.trim().slice(0, CHARACTERS_MAX) }
}
