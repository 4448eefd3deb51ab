/** What a refusal of each status says, by example. */
export const PROBLEMS: Readonly<
  Record<string, { readonly code: string; readonly title: string; readonly detail: string }>
> = {
  400: { code: 'api.bad_cursor', title: 'Bad request', detail: 'the cursor is not one of this query' },
  401: {
    code: 'api.unauthorized',
    title: 'Key missing or not valid',
    detail: 'Send a valid key as "Authorization: Bearer cvk_…" or in the header x-api-key.',
  },
  403: { code: 'api.forbidden', title: 'Not allowed', detail: 'This key lacks the scope events:write.' },
  404: { code: 'event.not_found', title: 'Not found', detail: 'There is no such event.' },
  409: {
    code: 'api.idempotency_in_flight',
    title: 'Conflict',
    detail: 'The first request with this Idempotency-Key is still running.',
  },
  412: { code: 'event.changed', title: 'Changed meanwhile', detail: 'The event has changed meanwhile; read it again.' },
  413: { code: 'api.too_large', title: 'Too large', detail: 'The body is larger than 64 KB.' },
  415: {
    code: 'api.unsupported_media_type',
    title: 'Not a type that is read here',
    detail:
      'Send the body as one of the types that the description of this operation names, and say so in Content-Type.',
  },
  422: { code: 'api.invalid', title: 'Not valid', detail: 'The request does not fit the contract.' },
  429: {
    code: 'rate.too_many',
    title: 'Too many requests',
    detail: 'This key may make 1200 requests a minute; wait a little.',
  },
}
