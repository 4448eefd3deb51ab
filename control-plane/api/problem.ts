import type { Context } from 'hono'
import { HTTPException } from 'hono/http-exception'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type * as z from 'zod'
import { defineFailures, Failure } from '#shared/errors/failure.ts'
import { logFieldsOf } from '#shared/errors/log-fields.ts'
import { retryAfterOf } from '#shared/rates/limit-rate.ts'
import { systemCtx } from './caller.ts'
import type { ApiEnv } from './env.ts'

export const ApiFailure = defineFailures('api', {
  unauthorized: { status: 401, retry: false },
  forbidden: { status: 403, retry: false },
  /** A mailed link is not enough for what he is. */
  passkey_required: { status: 403, retry: false },
  not_found: { status: 404, retry: false },
  /** A value that fits the contract and nothing else. */
  invalid: { status: 422, retry: false },
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
    title: TITLES[input.status] ?? (input.status >= 500 ? 'Internal error' : 'Request refused'),
    ...input,
    request_id: c.get('requestId'),
  }
  return c.body(JSON.stringify(body), asStatus(input.status), { 'content-type': 'application/problem+json' })
}

/** The one place where a thrown thing becomes an answer: named failures say what they are, anything else says `internal`. */
export function onError(error: Error, c: Context<ApiEnv>): Response {
  if (error instanceof Failure) return failed(error, c)
  if (error instanceof HTTPException)
    return problem(c, {
      status: error.status,
      code: error.status === 400 ? 'api.bad_request' : 'api.refused',
      detail: error.message,
    })
  systemCtx(c).log.error({ at: 'control-api.bug', requestId: c.get('requestId'), ...logFieldsOf(error) })
  return problem(c, { status: 500, code: 'internal' })
}

function failed(error: Failure, c: Context<ApiEnv>): Response {
  if (error.status >= 500)
    systemCtx(c).log.error({ at: 'control-api.failed', code: error.code, requestId: c.get('requestId') })
  const response = problem(c, { status: error.status, code: error.code, detail: error.message })
  if (error.status === 401) response.headers.set('www-authenticate', 'Bearer')
  const seconds = retryAfterOf(error)
  if (seconds !== undefined) response.headers.set('retry-after', String(seconds))
  return response
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

const TITLES: Readonly<Record<number, string>> = {
  400: 'Bad request',
  401: 'Not signed in',
  403: 'Not allowed',
  404: 'Not found',
  409: 'Conflict',
  413: 'Too large',
  422: 'Not valid',
  429: 'Too many requests',
}

/** Failures carry plain numbers; Hono wants one of the statuses that may have a body. */
function asStatus(status: number): ContentfulStatusCode {
  return (status >= 400 && status <= 599 ? status : 500) as ContentfulStatusCode
}
