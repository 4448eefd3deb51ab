import type { Context } from 'hono'
import { HTTPException } from 'hono/http-exception'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type * as z from 'zod'
import { defineFailures, Failure } from '#shared/errors/failure.ts'
import type { ApiEnv } from './env.ts'

export const ApiFailure = defineFailures('api', {
  unauthorized: { status: 401, retry: false },
  forbidden: { status: 403, retry: false },
  not_found: { status: 404, retry: false },
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
    const { status, code, message, errors } = error
    const response = problem(c, { status, code, detail: message, ...(errors.length === 0 ? {} : { errors }) })
    if (error.status === 401) response.headers.set('www-authenticate', 'Bearer')
    if (error.retry) response.headers.set('retry-after', '1')
    return response
  }
  if (error instanceof HTTPException)
    return problem(c, {
      status: error.status,
      code: error.status === 400 ? 'api.bad_request' : 'api.refused',
      detail: error.message,
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

function titleOf(status: number): string {
  return TITLES[status] ?? (status >= 500 ? 'Internal error' : 'Request refused')
}

const TITLES: Readonly<Record<number, string>> = {
  400: 'Bad request',
  401: 'Key missing or not valid',
  403: 'Not allowed',
  404: 'Not found',
  409: 'Conflict',
  412: 'Changed meanwhile',
  413: 'Too large',
  422: 'Not valid',
  429: 'Too many requests',
}

/** Failures carry plain numbers; Hono wants one of the statuses that may have a body. */
function asStatus(status: number): ContentfulStatusCode {
  return (status >= 400 && status <= 599 ? status : 500) as ContentfulStatusCode
}
