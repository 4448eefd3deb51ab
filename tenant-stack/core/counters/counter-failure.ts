import { defineFailures } from '#shared/errors/failure.ts'

export const CounterFailure = defineFailures('counters', {
  /** They move faster than they can be read. */
  moving: { status: 503, retry: true },
  bad_range: { status: 422, retry: false },
})
