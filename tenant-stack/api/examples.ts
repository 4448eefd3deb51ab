/** Ids of the examples, all of one event. */
const EVENT = 'evt_01jd0fj2k8m4q6s8v0x2z4b6d8'
const INVITATION = 'inv_01jd0fk7n9p1r3t5w7y9a1c3e5'
const MAIL = 'mail_01jd0fh5j7m9p1r3t5w7y9a1c3'
const LIST = 'lst_01jd0fm1q3s5v7x9z1b3d5f7h9'

const START = { instant: '2027-03-05T09:00:00Z', local: '2027-03-05T10:00:00', time_zone: 'Europe/Madrid' }
const END = { instant: '2027-03-05T10:00:00Z', local: '2027-03-05T11:00:00', time_zone: 'Europe/Madrid' }
const LATER = {
  start: { instant: '2027-03-05T15:00:00Z', time_zone: 'UTC' },
  end: { instant: '2027-03-05T16:00:00Z', time_zone: 'UTC' },
}
const SELF = `https://api.events.example.com/v1/events/${EVENT}`

const NUMBERS = {
  attendees: 250,
  answers: { accepted: 140, declined: 31, tentative: 12, none: 66, delegated: 1 },
  mail: { sent: 250, failed: 0, suppressed: 2, delivered: 247, rejected: 0, bounced: 3, complained: 0 },
  channels: { api: 30, list: 220 },
  clients: { google: 110, outlook: 52, apple: 21 },
  proposals: 2,
  answered_older_time: 1,
  over_time: [
    {
      day: '2027-02-01',
      invited: 250,
      sent: 250,
      failed: 0,
      delivered: 247,
      bounced: 3,
      complained: 0,
      accepted: 120,
      declined: 20,
      tentative: 9,
    },
  ],
}

const KEY = {
  id: 'key_01jd0fn3t5w7y9a1c3e5g7j9m1',
  label: 'Ticket shop',
  scopes: ['events:read', 'invitations:write'],
  secrets: [{ prefix: 'cvk_01jd0f' }],
  created_at: '2027-02-01T08:00:00.000Z',
}

const WEBHOOK = {
  id: 'web_01jd0fp4v6x8z0b2d4f6h8k0n2',
  url: 'https://hooks.example.com/convoke',
  types: ['answer.recorded', 'event.updated'],
  is_enabled: true,
  addresses: 'masked',
  created_at: '2027-02-01T08:00:00.000Z',
  updated_at: '2027-02-01T08:00:00.000Z',
}

/** One example of each body, by the name of its schema in the API's description; a schema that has its own is not here. */
export const EXAMPLES: Readonly<Record<string, unknown>> = {
  Event: {
    id: EVENT,
    uid: `${EVENT}@events.example.com`,
    subject: 'Quarterly review',
    start: START,
    end: END,
    is_all_day: false,
    recurrence: { rules: [], additional_dates: [], excluded_dates: [], changed_instances: [] },
    location: 'Room 4',
    body: { text: 'Bring the figures.' },
    organizer: { email: 'ana@example.com', name: 'Ana Díaz' },
    status: 'confirmed',
    sequence: 0,
    client: 'google',
    warnings: [],
    other_attendees: 0,
    created_at: '2027-02-01T08:00:00.000Z',
    updated_at: '2027-02-01T08:00:00.000Z',
    links: {
      self: SELF,
      statistics: `${SELF}/statistics`,
      attendees: `${SELF}/attendees`,
      invitations: `${SELF}/invitations`,
      reports: `${SELF}/reports`,
    },
  },
  Statistics: { event_id: EVENT, ...NUMBERS },
  Totals: { events: { created: 12, cancelled: 1 }, ...NUMBERS },
  Recount: { repair: false },
  Recounted: { state: 'different', rows: 250, differences: [{ name: 'accepted', counted: 141, rows: 140 }] },
  Report: { id: 'rpt_01jd0fq5w7y9a1c3e5g7j9m1p3', event_id: EVENT, state: 'planned' },
  Key: KEY,
  KeyWithSecret: { ...KEY, secret: 'cvk_01jd0fn3t5w7y9a1c3e5g7j9m1p3r5t7v9' },
  NewKey: { label: KEY.label, scopes: KEY.scopes },
  KeyRotation: { overlap_seconds: 86_400 },
  Webhook: WEBHOOK,
  WebhookWithSecret: { ...WEBHOOK, secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw' },
  NewWebhook: { url: WEBHOOK.url, types: WEBHOOK.types },
  WebhookChange: { types: ['answer.recorded'] },
  WebhookRotation: { overlap_seconds: 86_400 },
  WebhookDelivery: {
    id: 'msg_01jd0fr6x8z0b2d4f6h8k0n2q4',
    type: 'answer.recorded',
    state: 'delivered',
    created_at: '2027-02-02T09:00:00.000Z',
    attempts: [{ at: '2027-02-02T09:00:01.000Z', status: 200, milliseconds: 84 }],
    attempt_count: 1,
  },
  Organizer: {
    email: 'ana@example.com',
    name: 'Ana Díaz',
    state: 'active',
    registered_at: '2027-02-01T08:00:00.000Z',
    time_zone: 'Europe/Madrid',
    limits: { invites_per_event: 500, events_per_organizer: null, sends_per_day: null },
  },
  NewOrganizer: { email: 'ana@example.com', name: 'Ana Díaz', limits: { invites_per_event: 500 } },
  OrganizerChange: { state: 'suspended', reason: 'Left the company.' },
  NewInvitation: { email: 'bob@example.com', name: 'Bob' },
  Invitation: {
    id: INVITATION,
    event_id: EVENT,
    email: 'bob@example.com',
    name: 'Bob',
    state: 'planned',
    answer: 'none',
    created_at: '2027-02-01T08:05:00.000Z',
  },
  Attendee: {
    invitation_id: INVITATION,
    email: 'b•••@example.com',
    state: 'sent',
    delivery: 'delivered',
    answer: 'accepted',
    answered_at: '2027-02-01T09:12:00.000Z',
    client: 'google',
    channel: 'api',
    instance_answers: {},
  },
  Answer: {
    kind: 'answer',
    channel: 'mail',
    received_at: '2027-02-01T09:12:00.000Z',
    mail_id: MAIL,
    answer: 'accepted',
    sequence: 0,
    answered_by: { email: 'b•••@example.com', relation: 'self' },
  },
  Proposal: {
    id: 'prp_01jd0fn4r6t8w0y2a4c6e8g0j2',
    event_id: EVENT,
    invitation_id: INVITATION,
    state: 'open',
    is_acceptable: true,
    proposed_by: 'b•••@example.com',
    from: { start: START, end: END },
    to: LATER,
    sequence: 0,
    created_at: '2027-02-01T09:15:00.000Z',
  },
  List: {
    id: LIST,
    event_id: EVENT,
    file_name: 'guests.csv',
    state: 'ready',
    rows: 223,
    valid: 220,
    over_limit: 0,
    refused: { not_an_address: 2, duplicate: 1 },
    planned: 0,
    sent: 0,
    failed: 0,
    skipped: 0,
    created_at: '2027-02-01T08:10:00.000Z',
  },
  ListRow: { line: 17, reason: 'not_an_address', text: 'carol at example.com' },
  ReceivedMail: {
    mail_id: MAIL,
    recipient: 'create@events.example.com',
    mailbox: 'create',
    received_at: '2027-02-01T08:00:00.000Z',
    from: 'ana@example.com',
    subject: 'Quarterly review',
    outcome: { kind: 'acted', reason: 'created', answer: 'created', event_ids: [EVENT] },
  },
  Suppression: {
    id: 'sup_01jd0fp8s0v2x4z6b8d0f2h4k6',
    email: 'd•••@example.com',
    scope: 'domain',
    reason: 'hard_bounce',
    is_also_unsubscribed: false,
    source: 'feedback',
    created_at: '2027-02-01T08:06:00.000Z',
  },
  SuppressionBody: { email: 'dora@example.com', detail: 'Asked by telephone.' },
  Sending: { is_stopped: false },
  ResumeSending: { reason: 'The list that bounced was taken away.' },
}

/** A list as it is uploaded, by the type it is sent as. */
export const LIST_EXAMPLES: Readonly<Record<string, unknown>> = {
  'text/csv': 'email,name\r\nbob@example.com,Bob\r\ncarol@example.com,Carol\r\n',
  'text/plain': 'bob@example.com\ncarol@example.com\n',
  'multipart/form-data': { file: 'email,name\r\nbob@example.com,Bob\r\n' },
}

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
