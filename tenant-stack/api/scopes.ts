import type { ApiScope } from '#shared/contracts/api.ts'

/** What a key with a scope may do, for whoever makes one; the API's description lists it. */
export const SCOPE_MEANINGS: Readonly<Record<ApiScope, string>> = {
  'events:read': 'Read events and find them.',
  'events:write': 'Create, change and cancel events, and decide on proposals of other times.',
  'organizers:read': 'Read organizers.',
  'organizers:write': 'Register organizers, who may then sign in, and change, suspend and resume them.',
  'statistics:read': 'Read the numbers of events, organizers and the domain.',
  'statistics:write': 'Count again, and mend counters that are wrong.',
  'attendees:read': 'Read attendees, their answers and their proposals, with masked addresses.',
  'attendees:unmasked': 'Beside another scope: addresses, names and comments of attendees are shown whole.',
  'invitations:write': 'Invite people one by one.',
  'mails:read': 'Read the log of received mail.',
  'lists:read': 'Read lists and how far they are.',
  'lists:write': 'Upload lists, and send, pause, resume and cancel them.',
  'reports:write': 'Have the report of an event mailed to its organizer.',
  'suppressions:read': 'Read who is sent nothing, and whether mail goes out.',
  'keys:read': 'Read keys, without their secrets.',
  'keys:write': 'Make keys that can do no more than this one, rotate and revoke them.',
  'webhooks:read': 'Read webhooks and what was sent to them.',
  'webhooks:write': 'Make, change, test and remove webhooks, and send messages again.',
  'templates:read': 'Read how mails look.',
  'templates:write': 'Change how mails look.',
  'sessions:read': 'Read who is signed in, and with what.',
  'sessions:write': 'Sign people out.',
  'privacy:read': 'Read what erasures and exports of people came to, by hashes.',
  'privacy:write': 'Erase a person, which cannot be undone.',
  'privacy:export': 'Have what is held about a person written out, and fetch that.',
  'suppressions:write': 'Suppress addresses and lift that, and let mail go out again.',
}

/** Operations stand together by what their scope is about: the part of it before the colon. */
export const TAGS: Readonly<Record<string, { readonly name: string; readonly description: string }>> = {
  events: { name: 'Events', description: 'Events of the domain, from calendars and by the API.' },
  invitations: { name: 'Invitations', description: 'One person, one personal invite.' },
  lists: {
    name: 'Lists',
    description: 'Many people from one file: checked, confirmed, then sent; paused and resumed.',
  },
  attendees: { name: 'Attendees', description: 'Who was invited, what they answered, and what they propose.' },
  statistics: { name: 'Statistics', description: 'Numbers of an event, an organizer and the domain.' },
  organizers: { name: 'Organizers', description: 'Who creates events here, and what he may.' },
  reports: { name: 'Reports', description: 'The attendees of an event as CSV.' },
  keys: { name: 'Keys', description: 'Secrets that programs use this API with.' },
  webhooks: { name: 'Webhooks', description: 'Servers of yours that are told what happens.' },
  suppressions: { name: 'Suppressions', description: 'Who is sent nothing, and whether mail goes out at all.' },
  privacy: { name: 'Privacy', description: 'One person’s data: erased, or written out (GDPR Art. 15, 17, 20).' },
  templates: { name: 'Mails', description: 'How the mails that go out look and speak.' },
  sessions: { name: 'Sessions', description: 'Browsers that people are signed in with.' },
  mails: { name: 'Received mail', description: 'What became of every mail that came in.' },
}
