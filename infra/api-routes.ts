/** One operation of the tenant's API, as API Gateway names it. */
export type ApiRoute = { readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'; readonly path: string }

/** Every operation of the OpenAPI document; whatever is not listed goes to the same function by a catch-all. */
export const apiRoutes: readonly ApiRoute[] = [
  { method: 'GET', path: '/v1/events' },
  { method: 'POST', path: '/v1/events' },
  { method: 'GET', path: '/v1/events/{eventId}' },
  { method: 'PATCH', path: '/v1/events/{eventId}' },
  { method: 'DELETE', path: '/v1/events/{eventId}' },
  { method: 'GET', path: '/v1/events/{eventId}/statistics' },
  { method: 'GET', path: '/v1/events/{eventId}/attendees' },
  { method: 'GET', path: '/v1/events/{eventId}/attendees/{invitationId}/answers' },
  { method: 'POST', path: '/v1/events/{eventId}/invitations' },
  { method: 'GET', path: '/v1/events/{eventId}/proposals' },
  { method: 'POST', path: '/v1/proposals/{proposalId}/accept' },
  { method: 'POST', path: '/v1/proposals/{proposalId}/decline' },
  { method: 'GET', path: '/v1/events/{eventId}/lists' },
  { method: 'POST', path: '/v1/events/{eventId}/lists' },
  { method: 'GET', path: '/v1/lists/{listId}' },
  { method: 'GET', path: '/v1/lists/{listId}/rows' },
  { method: 'POST', path: '/v1/lists/{listId}/confirm' },
  { method: 'POST', path: '/v1/lists/{listId}/pause' },
  { method: 'POST', path: '/v1/lists/{listId}/resume' },
  { method: 'POST', path: '/v1/lists/{listId}/cancel' },
  { method: 'GET', path: '/v1/received-mails' },
  { method: 'GET', path: '/v1/sending' },
  { method: 'POST', path: '/v1/sending/resume' },
  { method: 'GET', path: '/v1/suppressions' },
  { method: 'POST', path: '/v1/suppressions' },
  { method: 'DELETE', path: '/v1/suppressions/{suppressionId}' },
]
