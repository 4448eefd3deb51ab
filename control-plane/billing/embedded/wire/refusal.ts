import * as z from 'zod'
import { defineFailures, type Failure } from '#shared/errors/failure.ts'
import type { Kind } from '../state/objects.ts'

const StripeDoubleFailure = defineFailures('stripe_double', {
  invalid: { status: 400, retry: false },
  unauthorized: { status: 401, retry: false },
  missing: { status: 404, retry: false },
  throttled: { status: 429, retry: true },
  /** A fault: the connection ends without an answer. */
  lost: { status: 503, retry: true },
})

/** What `error` holds beside its message on Stripe's wire (stripe.com/docs/api/errors). */
const Details = z.object({ type: z.string(), code: z.string().exactOptional(), param: z.string().exactOptional() })
type Details = z.infer<typeof Details>

/** Words and codes as Stripe has them; each is thrown and shaped at the edge. */
export const refuse = {
  missing: (kind: Kind, objectId: string, param: string): Failure =>
    StripeDoubleFailure.missing(
      `No such ${kind}: '${objectId}'`,
      because({ type: INVALID, code: 'resource_missing', param }),
    ),
  invalid: (text: string, details: { readonly code?: string; readonly param?: string } = {}): Failure =>
    StripeDoubleFailure.invalid(text, because({ type: INVALID, ...details })),
  idempotency: (text: string): Failure => StripeDoubleFailure.invalid(text, because({ type: 'idempotency_error' })),
  unauthorized: (text: string): Failure => StripeDoubleFailure.unauthorized(text, because({ type: INVALID })),
  lost: (): Failure => StripeDoubleFailure.lost('The connection was lost'),
  throttled: (): Failure =>
    StripeDoubleFailure.throttled('Too many requests', because({ type: INVALID, code: 'rate_limit' })),
  unknownUrl: (method: string, path: string): Failure =>
    StripeDoubleFailure.missing(`Unrecognized request URL (${method}: ${path}).`, because({ type: INVALID })),
} as const

const INVALID = 'invalid_request_error'

function because(details: Details): { readonly cause: Details } {
  return { cause: details }
}

/** The body of a refusal. */
export function refusalBody({ message, cause }: Failure): { readonly error: Details & { readonly message: string } } {
  return { error: { message, ...Details.parse(cause) } }
}
