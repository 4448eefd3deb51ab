import { PROBLEMS } from './problem-examples.ts'

const header = (description: string, type: 'string' | 'integer', example: unknown) => ({
  description,
  schema: { type },
  example,
})

/** Header fields of answers, as components of the API's description. */
export const HEADERS = {
  RequestId: header(
    'Names the request; tell it to us when something is wrong.',
    'string',
    'req_01jd0fq2t4w6y8a0c2e4g6j8m0',
  ),
  RateLimitPolicy: header(
    'What the key may do: `q` requests in `w` seconds (draft-ietf-httpapi-ratelimit-headers, §3).',
    'string',
    '"key";q=1200;w=60',
  ),
  RateLimit: header(
    'What is left of it: `r` requests, for `t` seconds (draft-ietf-httpapi-ratelimit-headers, §4).',
    'string',
    '"key";r=1199;t=42',
  ),
  RetryAfter: header('Seconds to wait (RFC 9110 §10.2.3).', 'integer', 42),
  IdempotentReplay: header('`true`: this is the first answer to the Idempotency-Key, again.', 'string', 'true'),
  WwwAuthenticate: header('How to say who you are (RFC 6750 §3).', 'string', 'Bearer'),
} as const

const see = (name: keyof typeof HEADERS) => ({ $ref: `#/components/headers/${name}` })
const OF_ALL = { 'X-Request-Id': see('RequestId') }
const OF_KEYS = { RateLimit: see('RateLimit'), 'RateLimit-Policy': see('RateLimitPolicy') }

/** Refusals that no route names, because what stands before all routes makes them. */
const OF_THE_API: Readonly<Record<string, string>> = {
  400: 'The body cannot be read as what it says it is, or the cursor is not one of this list.',
  413: 'The body is too large.',
  415: 'The body is not of a type that is read here.',
  429: 'Too many requests of this key, or more invitations than a day may have; `Retry-After` says when.',
}

type Answer = { readonly description?: string; readonly headers?: unknown; readonly isRepeatable: boolean }

/** An answer with what every answer to a key carries. */
export function answerOf({ isRepeatable, headers, ...answer }: Answer) {
  const own = headers !== null && typeof headers === 'object' ? headers : {}
  const replay = isRepeatable ? { 'Idempotent-Replay': see('IdempotentReplay') } : {}
  return { ...answer, headers: { ...own, ...OF_ALL, ...OF_KEYS, ...replay } }
}

/** A refusal: problem+json, with an example of its status. */
export function problemOf(status: string, description: string | undefined, perMinute: number) {
  const { code = 'api.refused', title = 'Request refused', detail = '' } = PROBLEMS[status] ?? {}
  const errors = status === '422' ? { errors: [{ path: 'email', message: 'Invalid input: expected string' }] } : {}
  const example = {
    type: `urn:convoke:problem:${code}`,
    title,
    status: Number(status),
    code,
    detail: detail.replace('1200', String(perMinute)),
    ...errors,
    request_id: HEADERS.RequestId.example,
  }
  // Who has shown no key has no limit of his own, and who sends too much is not asked for one.
  const rates = status === '401' || status === '413' ? {} : OF_KEYS
  const more = {
    ...(status === '401' ? { 'WWW-Authenticate': see('WwwAuthenticate') } : {}),
    ...(status === '429' ? { 'Retry-After': see('RetryAfter') } : {}),
  }
  return {
    description: description ?? OF_THE_API[status] ?? title,
    headers: { ...OF_ALL, ...rates, ...more },
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' }, example } },
  }
}
