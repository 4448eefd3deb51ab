import type { Context } from 'hono'
import { HTTPException } from 'hono/http-exception'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type * as z from 'zod'
import { defineFailures, Failure } from '#shared/errors/failure.ts'
import { retryAfterOf } from '#shared/rates/limit-rate.ts'
import type { ApiEnv } from './env.ts'

export const ApiFailure = defineFailures('api', {
  unauthorized: { status: 401, retry: false },
  forbidden: { status: 403, retry: false },
  not_found: { status: 404, retry: false },
  method_not_allowed: { status: 405, retry: false },
  no_file: { status: 422, retry: false },
  idempotency_mismatch: { status: 422, retry: false },
  idempotency_in_flight: { status: 409, retry: true },
})

type ProblemInput = {
  readonly status: number
  readonly code: string
  readonly detail?: string
  readonly errors?: readonly { readonly path: string; readonly message: string }[]
}

/** Answers problem+json (RFC 9457). */
export function problem(c: Context<ApiEnv>, input: ProblemInput): Response {
  const body = {
    type: `urn:convoke:problem:${input.code}`,
    title: titleOf(input.status),
    ...input,
    request_id: c.get('requestId'),
  }
  return c.body(JSON.stringify(body), asStatus(input.status), { 'content-type': 'application/problem+json' })
}

/** The one place where a thrown thing becomes an answer: named failures say what they are, anything else says `internal`. */
export function onError(error: Error, c: Context<ApiEnv>): Response {
  if (error instanceof Failure) {
    if (error.status >= 500)
      c.get('ctx').log.error({ at: 'api.failed', code: error.code, requestId: c.get('requestId') })
    const { status, message, errors } = error
    // Every list of the API has one code for it, wherever it is kept.
    const code = error.code.endsWith('.bad_cursor') ? 'api.bad_cursor' : error.code
    const response = problem(c, { status, code, detail: message, ...(errors.length === 0 ? {} : { errors }) })
    if (status === 401) response.headers.set('www-authenticate', 'Bearer')
    const seconds = retryAfterOf(error)
    if (seconds !== undefined) response.headers.set('retry-after', String(seconds))
    return response
  }
  if (error instanceof HTTPException)
    return problem(c, {
      status: error.status,
      ...(OF_HTTP[error.status] ?? { code: 'api.refused', detail: error.message }),
    })
  c.get('ctx').log.error({ at: 'api.bug', requestId: c.get('requestId'), name: error.name, message: error.message })
  return problem(c, { status: 500, code: 'internal' })
}

/** A body, query or path that does not fit its contract. */
export function invalid(c: Context<ApiEnv>, error: z.core.$ZodError): Response {
  return problem(c, {
    status: 422,
    code: 'api.invalid',
    detail: 'The request does not fit the contract.',
    errors: error.issues.map((issue) => ({ path: issue.path.map(String).join('.'), message: issue.message })),
  })
}

/** What the framework refuses by itself, in words that help. */
const OF_HTTP: Readonly<Record<number, { readonly code: string; readonly detail: string }>> = {
  400: { code: 'api.bad_request', detail: 'The body cannot be read as what Content-Type says it is.' },
  415: {
    code: 'api.unsupported_media_type',
    detail:
      'Send the body as one of the types that the description of this operation names, and say so in Content-Type.',
  },
}

function titleOf(status: number): string {
  return TITLES[status] ?? (status >= 500 ? 'Internal error' : 'Request refused')
}

const TITLES: Readonly<Record<number, string>> = {
  400: 'Bad request',
  401: 'Key missing or not valid',
  403: 'Not allowed',
  404: 'Not found',
  405: 'Method not allowed',
  409: 'Conflict',
  412: 'Changed meanwhile',
  413: 'Too large',
  415: 'Not a type that is read here',
  422: 'Not valid',
  429: 'Too many requests',
}

/** Failures carry plain numbers; Hono wants one of the statuses that may have a body. */
function asStatus(status: number): ContentfulStatusCode {
  return (status >= 400 && status <= 599 ? status : 500) as ContentfulStatusCode
}
