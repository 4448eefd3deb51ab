/** One failure's row: the HTTP status it answers with, and whether the same call may succeed later. */
export type FailureRow = { readonly status: number; readonly retry: boolean }

/** What is wrong where, in a request of many parts. */
export type FailureErrors = readonly { readonly path: string; readonly message: string }[]

type FailureOptions = { readonly cause?: unknown; readonly errors?: FailureErrors }

type MakeFailure = (message: string, options?: FailureOptions) => Failure

/** A failure we expected and named; anything else thrown is a bug. `message` may be shown to the caller. */
export class Failure extends Error {
  readonly code: string
  readonly status: number
  readonly retry: boolean
  readonly errors: FailureErrors

  constructor(code: string, row: FailureRow, message: string, options?: FailureOptions) {
    super(message, options)
    this.name = 'Failure'
    this.code = code
    this.status = row.status
    this.retry = row.retry
    this.errors = options?.errors ?? []
  }
}

/** Declares a concept's failures beside the concept: name → {status, retry}; codes read `concept.name`. */
export function defineFailures<const T extends Record<string, FailureRow>>(
  concept: string,
  rows: T,
): { readonly [K in keyof T]: MakeFailure } {
  const entries = Object.entries(rows).map(([name, row]): [string, MakeFailure] => [
    name,
    (message, options) => new Failure(`${concept}.${name}`, row, message, options),
  ])
  return Object.fromEntries(entries) as { readonly [K in keyof T]: MakeFailure }
}

/** True when the thrown value is a named failure whose code is `code`. */
export function isFailure(error: unknown, code?: string): error is Failure {
  return error instanceof Failure && (code === undefined || error.code === code)
}
