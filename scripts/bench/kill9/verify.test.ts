import { expect, it } from 'vitest'
import type { SeenMail } from '../product/outbox-reader.ts'
import type { ProductClient } from '../product/product-client.ts'
import { clientEvent } from './bench-mails.ts'
import type { Promised } from './stream.ts'
import { verify } from './verify.ts'

const event = clientEvent(0)
const eventId = 'evt_1'
const attendee = 'guest0@example.org'

function promisedAll(): Promised {
  return {
    creates: new Map([[event.title, event]]),
    invitations: new Map([[attendee, { eventId, title: event.title }]]),
    replies: new Map([[attendee, { eventId }]]),
    updates: new Map([[event.title, { eventId, attendee }]]),
    repeats: 0,
  }
}

const created: SeenMail = { mailerMessageId: '1', subject: `Created: ${event.title}`, to: event.organizer, from: '' }
const sent = (sequence: number): SeenMail => ({
  mailerMessageId: `to-attendee-${sequence}`,
  subject: '',
  to: attendee,
  from: '',
  calendar: { method: 'REQUEST', uid: 'u', sequence, text: '' },
})
const allMails = [created, sent(0), sent(1)]
const allOutcomes: readonly (string | undefined)[] = ['created', 'updated', 'duplicate_mail']

async function judge(
  mails: readonly SeenMail[],
  outcomes: readonly (string | undefined)[] = allOutcomes,
  answers: { readonly accepted: number; readonly none: number } = { accepted: 0, none: 1 },
) {
  const client: ProductClient = {
    send: () => Promise.reject(new Error('nothing is sent')),
    page: () => Promise.reject(new Error('no page is read')),
    async api(path) {
      if (path.startsWith('/received-mails')) {
        const data = outcomes.map((reason, at) => ({
          mail_id: `mail_${at}`,
          recipient: 'create@demo.localhost',
          mailbox: 'create',
          received_at: '2026-11-23T09:00:00Z',
          subject: event.title,
          ...(reason === undefined
            ? {}
            : { outcome: { kind: 'acted', reason, answer: 'nothing', event_ids: [eventId] } }),
        }))
        return { data, has_more: false }
      }
      return {
        event_id: eventId,
        attendees: 1,
        answers: { declined: 0, tentative: 0, delegated: 0, ...answers },
        mail: { sent: 2, failed: 0, suppressed: 0, delivered: 0, rejected: 0, bounced: 0, complained: 0 },
        channels: {},
        clients: {},
        proposals: 0,
        answered_older_time: 0,
        over_time: [],
      }
    },
  }
  const { lost, doubled } = await verify(client, promisedAll(), mails)
  return { lost: lost.length, doubled: doubled.length }
}

it('finds nothing wrong where every promise was kept once', async () => {
  expect(await judge(allMails)).toEqual({ lost: 0, doubled: 0 })
})

it('counts every mail that is missing, and every one that came twice', async () => {
  for (const mail of allMails) {
    expect(await judge(allMails.filter((one) => one !== mail))).toEqual({ lost: 1, doubled: 0 })
    expect(await judge([...allMails, mail])).toEqual({ lost: 0, doubled: 1 })
  }
})

it('counts a mail that nobody asked for', async () => {
  expect(await judge([...allMails, { ...created, subject: 'Created: another' }])).toEqual({ lost: 0, doubled: 1 })
})

it('counts a mail without an outcome, an event that is missing, and one that was made twice', async () => {
  expect(await judge(allMails, ['created', 'updated', undefined])).toEqual({ lost: 1, doubled: 0 })
  expect(await judge(allMails, ['updated'])).toEqual({ lost: 1, doubled: 0 })
  expect(await judge(allMails, ['created', 'created', 'updated'])).toEqual({ lost: 0, doubled: 1 })
})

it('counts an answer that is missing or counted twice', async () => {
  expect(await judge(allMails, allOutcomes, { accepted: 1, none: 0 })).toEqual({ lost: 1, doubled: 0 })
  expect(await judge(allMails, allOutcomes, { accepted: 0, none: 2 })).toEqual({ lost: 0, doubled: 1 })
})
