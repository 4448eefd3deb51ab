import type Stripe from 'stripe'
import { findProblems, type Newer } from './find-problems.ts'
import type { OpenApi } from './openapi.ts'
import { type Call, templateOf } from './record-calls.ts'

/**
 * The package speaks a version two months younger than the newest OpenAPI file of stripe-mock, and still has a few names of old that the
 * file hides: these are in its types, by the file's names of what they are in.
 */
export const NEWER: Newer = {
  'checkout.session': ['allowed_payment_method_types'],
  charge: ['source'],
  dispute: ['intended_submission_method'],
  dispute_evidence_details: ['submission_method'],
  payment_intent: ['payment_record', 'source'],
  product: ['tax_details'],
  recurring: ['trial_period_days'],
  subscription_item: ['current_trial'],
  subscriptions_resource_trial_settings_end_behavior: ['billing_cycle_anchor'],
}

/** What is wrong with the double's answers by the OpenAPI file. */
export function answersRight(openApi: OpenApi, calls: readonly Call[]): readonly string[] {
  const problems = calls
    .filter(({ status }) => status === 200)
    .flatMap(({ method, path, answer }) => {
      const pathname = path.split('?')[0] ?? ''
      const schema = openApi.answerOf(method, pathname)
      const found = schema === undefined ? ['unknown path'] : findProblems(openApi, NEWER, schema, answer)
      return found.map((problem) => `${templateOf(method, pathname)} ${problem}`)
    })
  return [...new Set(problems)]
}

/** What is wrong with events: each is about an object of the shape of its kind. */
export function eventsRight(openApi: OpenApi, stripeEvents: readonly Stripe.Event[]): readonly string[] {
  const problems = stripeEvents.flatMap((stripeEvent) =>
    problemsOf(openApi, stripeEvent).map((problem) => `${stripeEvent.type} ${problem}`),
  )
  return [...new Set(problems)]
}

/** An invoice to come has no id (Stripe, "Types of events", invoice.upcoming). */
function problemsOf(openApi: OpenApi, stripeEvent: Stripe.Event): readonly string[] {
  const { type, data } = stripeEvent
  const { object } = data
  const envelope = openApi.schema('event')
  if (envelope === undefined) return ['no schema of an event']
  const around = findProblems(openApi, NEWER, envelope, { ...stripeEvent, data: { object: {} } }, '$', 'event')
  const kind = 'object' in object ? object.object : ''
  const schema = openApi.schema(kind)
  if (schema === undefined) return [`no schema of ${kind}`]
  const about = type === 'invoice.upcoming' ? { ...object, id: 'upcoming_in_1' } : object
  return [...around, ...findProblems(openApi, NEWER, schema, about, '$', kind)]
}
