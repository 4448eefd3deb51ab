import type { CloudTrouble } from '#control-plane/cloud/failure.ts'
import { CloudFailure } from '#control-plane/cloud/failure.ts'
import { isFailure } from '#shared/errors/failure.ts'
import type { StepError } from './run.ts'

/** What is done about a class of failure; "later" is slower each time. */
type Handling = {
  readonly class: StepError['class']
  /** `later`: look and try again. `place`: nothing more in this account for a while. `person`: nothing until somebody has acted. */
  readonly next: 'later' | 'place' | 'person'
  readonly whoActs: StepError['whoActs']
  /** The call may have had its effect. */
  readonly isUnclear?: true
}

/** The one table of how each failure of the cloud is dealt with. */
export const handlings: { readonly [T in CloudTrouble]: Handling } = {
  throttled: { class: 'throttle', next: 'later', whoActs: 'nobody' },
  unavailable: { class: 'unknown', next: 'later', whoActs: 'nobody', isUnclear: true },
  // Whose it is, is decided by the next look.
  exists: { class: 'exists', next: 'later', whoActs: 'nobody' },
  quota: { class: 'quota', next: 'later', whoActs: 'vendor' },
  invalid: { class: 'invalid', next: 'person', whoActs: 'vendor' },
  denied: { class: 'denied', next: 'place', whoActs: 'vendor' },
  gone: { class: 'gone', next: 'later', whoActs: 'nobody' },
  conflict: { class: 'retry', next: 'later', whoActs: 'nobody' },
  in_use: { class: 'retry', next: 'later', whoActs: 'nobody' },
  vendor_task: { class: 'invalid', next: 'person', whoActs: 'vendor' },
}

export type Trouble = Handling & { readonly code: string; readonly text: string }

/** What to do about whatever a step threw. What nobody named is a bug: tried again slowly, and shown to the vendor. */
export function troubleOf(error: unknown): Trouble {
  for (const name of troubleNames)
    if (isFailure(error, `cloud.${name}`)) return { ...handlings[name], code: name, text: textOf(error) }
  if (isFailure(error) && error.retry)
    return { class: 'retry', next: 'later', whoActs: 'nobody', code: error.code, text: error.message }
  return { class: 'unknown', next: 'later', whoActs: 'vendor', isUnclear: true, code: 'internal', text: textOf(error) }
}

const troubleNames = Object.keys(CloudFailure).filter((name): name is CloudTrouble => name in handlings)

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : 'unknown'
}

const BASE_MILLISECONDS = 1000
const CAP_MILLISECONDS = 300_000
/** Nobody is asked twice in the same instant. */
const LEAST_MILLISECONDS = 100

/** Full jitter over 1 s doubled with each attempt (from 1), at most 5 minutes. */
export function backOff(attempt: number, random: () => number): number {
  const most = Math.min(CAP_MILLISECONDS, BASE_MILLISECONDS * 2 ** Math.min(attempt - 1, 20))
  return LEAST_MILLISECONDS + Math.round(random() * most)
}
