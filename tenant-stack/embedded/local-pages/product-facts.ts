/** Something to try, with the exact command and what to see. */
export type ThingToTry = { readonly title: string; readonly command: string; readonly result: string }

/** What the start page and the terminal say of a running product. */
export type ProductFacts = {
  readonly domainName: string
  readonly createAddress: string
  readonly smtpAddress: string
  /** Base of the local pages, without trailing slash. */
  readonly pagesUrl: string
  readonly apiUrl: string
  /** Where mail goes when a relay is set; undefined: the outbox. */
  readonly relayHost?: string
  readonly isLoopbackTrusted: boolean
  readonly tries: readonly ThingToTry[]
}

/** Stands in a command for the id that the first one brings. */
export const eventPlaceholder = 'EVENT_ID'

/** The first walk: an event comes to be, a person is invited, the answer is counted. */
export function thingsToTry(createAddress: string): readonly ThingToTry[] {
  return [
    {
      title: 'Create an event by mail',
      command: `npm run convoke -- mail send samples/google-single-timed.eml --to ${createAddress}`,
      result: 'A sample invite goes in by SMTP; a moment later the outbox holds the created mail with the event’s id.',
    },
    {
      title: 'Invite someone',
      command: `npm run convoke -- event invite ${eventPlaceholder} --email bob@example.org --name "Bob"`,
      result: 'The outbox shows the personal invite that Bob’s calendar would get, down to every calendar line.',
    },
    {
      title: 'Look at the event',
      command: `npm run convoke -- event show ${eventPlaceholder}`,
      result: 'Title, times, zone and answers, as the API tells them.',
    },
  ]
}

/** The first steps with a stamped tenant, whose key is in a file of its own. */
export function thingsToTryAt(tenant: {
  readonly createAddress: string
  readonly apiUrl: string
  /** As a path from where commands are typed. */
  readonly keyFile: string
}): readonly ThingToTry[] {
  const [create] = thingsToTry(tenant.createAddress)
  return [
    ...(create === undefined ? [] : [create]),
    {
      title: 'Look at its events',
      command: `curl -H "authorization: Bearer $(cat ${tenant.keyFile})" ${tenant.apiUrl}/events`,
      result: 'Every event of the domain, newest first, as the API tells them.',
    },
  ]
}
