import { defineFailures } from '#shared/errors/failure.ts'

/** `usage` exits with 2; the others with 1. */
export const CliFailure = defineFailures('cli', {
  usage: { status: 400, retry: false },
  not_running: { status: 503, retry: true },
  refused: { status: 422, retry: false },
  no_key: { status: 401, retry: false },
})
