import type { FailureErrors } from '#shared/errors/failure.ts'
import { CalendarEventFailure } from '../calendar-event/calendar-event.ts'

/** Gathers what is wrong in a request, so that all of it is said at once. */
export type Wrong = {
  /** Always undefined, to be returned. */
  readonly at: (path: string, message: string) => undefined
  /** Throws `event.invalid` when anything was wrong. */
  readonly end: () => void
}

export function gatherWrong(): Wrong {
  const errors: FailureErrors[number][] = []
  return {
    at(path, message) {
      errors.push({ path, message })
      return undefined
    },
    end() {
      const [first] = errors
      if (first === undefined) return
      throw CalendarEventFailure.invalid(`${first.path}: ${first.message}.`, { errors })
    },
  }
}
