import type { ObjectOf } from '../state/objects.ts'
import type { Unit } from '../state/unit.ts'
import { periodEndOf } from './start-subscription.ts'

export const NO_CANCELLATION = { comment: null, feedback: null, feedback_option: null, reason: null }

/** What changes when a subscription is to end with its period, or no longer is. */
export function endingOf(
  unit: Unit,
  before: ObjectOf<'subscription'>,
  isEnding: boolean,
): Partial<ObjectOf<'subscription'>> {
  if (isEnding === before.cancel_at_period_end) return {}
  return {
    cancel_at_period_end: isEnding,
    cancel_at: isEnding ? periodEndOf(before) : null,
    canceled_at: isEnding ? unit.now() : null,
    cancellation_details: {
      ...NO_CANCELLATION,
      ...before.cancellation_details,
      reason: isEnding ? 'cancellation_requested' : null,
    },
  }
}
