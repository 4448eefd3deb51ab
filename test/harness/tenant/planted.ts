import PostalMime from 'postal-mime'
import { expect } from 'vitest'
import { pipelineHandlers } from '#tenant-stack/pipelines/handlers.ts'
import { listMails } from '../../fixtures/list-mails.ts'
import { mailWith, organizerMail } from '../../fixtures/organizer-mails.ts'
import { apiCaller } from './api-caller.ts'
import { ana, bob, invited, onDay } from './invited.ts'
import { askingMail, REPORTS } from './reported.ts'
import type { TestTenant } from './test-tenant.ts'

export const canary = 'canary.bird@aviary.example.org'
export const canaryName = 'Quetzalcoatlus'
export const words = [canary, canaryName]

/** One person by every way that data comes in: the words are nowhere else. */
export async function planted(tenant: TestTenant) {
  const { ctx } = tenant
  const call = await apiCaller(ctx)
  await call('POST', '/webhooks', {
    body: {
      url: 'https://hooks.example.com/in',
      types: ['invitation.sent', 'answer.recorded', 'attendee.unsubscribed', 'invitation.bounced'],
      unmasked: true,
    },
  })
  const one = await invited(tenant, 'one@example.com', canary)
  const { eventId } = one
  await call('POST', `/events/${eventId}/invitations`, {
    body: { email: bob, name: 'Bob' },
    headers: { 'idempotency-key': 'bob' },
  })
  const other = await invited(tenant, 'other@example.com', bob, onDay(9))
  await call('POST', `/events/${other.eventId}/invitations`, {
    body: { email: canary, name: canaryName },
    headers: { 'idempotency-key': 'canary' },
  })
  await tenant.drain()
  await one.reply('google', { comment: `${canaryName} comes`, dtstamp: '20261123T120100Z' })
  await one.reply('google', {
    partstat: 'DELEGATED',
    dtstamp: '20261123T120200Z',
    attendeeParameters: ';DELEGATED-TO="mailto:dora@example.org"',
  })
  await one.reply('google', {
    dtstamp: '20261123T120300Z',
    from: 'alias@elsewhere.example',
    comment: `${canaryName} again`,
  })
  await one.reply('google', {
    method: 'COUNTER',
    start: '20270306T150000Z',
    end: '20270306T160000Z',
    dtstamp: '20261123T120400Z',
    comment: canaryName,
  })
  await other.reply('google', { partstat: 'DELEGATED', attendeeParameters: `;DELEGATED-TO="mailto:${canary}"` })
  await tenant.receive(mailWith({ uid: 'letter@example.org', from: canary }, 'text/plain', `I am ${canaryName}.`), {
    to: one.replyAddress,
    from: canary,
  })
  await tenant.receive(mailWith({ uid: 'no-calendar@x.example', from: canary }, 'text/plain', `I am ${canaryName}.`), {
    from: canary,
  })
  const listed = await tenant.receive(
    listMails.gmail({ subject: eventId, list: `"${canaryName}",${canary}\nzoe@example.org\n` }),
    { to: 'lists@events.example.net', from: ana },
  )
  expect(listed.reason).toBe('list_taken')
  await tenant.receive(askingMail({ from: canary, subject: `${canaryName} asks`, name: 'asks' }), {
    to: REPORTS,
    from: canary,
  })
  await tenant.receive(organizerMail({ uid: 'unproven@x.example', from: `${canaryName} <${canary}>` }), {
    from: canary,
    authentication: { spf: 'FAIL', dkim: 'FAIL', dmarc: 'FAIL', dkimDomains: [] },
  })
  await tenant.receive(organizerMail({ uid: 'virus@x.example', from: `${canaryName} <${canary}>` }), {
    from: canary,
    authentication: { virus: 'FAIL' },
  })
  const invite = (await tenant.sent()).find(({ to, raw: one }) => to === canary && one.includes('List-Unsubscribe:'))
  const raw = Buffer.from(invite?.raw ?? '').toString('latin1')
  const sendId = /^X-Convoke-Send-Id: (\S+)/m.exec(raw)?.[1] ?? ''
  await pipelineHandlers.feedback(
    ctx,
    JSON.stringify({
      eventType: 'Bounce',
      mail: { messageId: 'm-1', timestamp: '2026-11-24T10:00:00.000Z', tags: { sendId: [sendId] } },
      bounce: { bounceType: 'Permanent', bounceSubType: `General ${canary}` },
    }),
  )
  const parsed = await PostalMime.parse(raw)
  const listUnsubscribe = parsed.headers.find(({ key }) => key === 'list-unsubscribe')?.value ?? ''
  const unsubscribeId = /subject=([^>]+)>/.exec(listUnsubscribe)?.[1] ?? ''
  expect(unsubscribeId).not.toBe('')
  await tenant.receive(
    mailWith({ uid: 'stop@x.example', from: canary, subject: unsubscribeId }, 'text/plain', canaryName),
    {
      to: 'unsubscribe@events.example.net',
      from: canary,
    },
  )
  await call('POST', '/suppressions', { body: { email: canary, organizer: ana, detail: `${canaryName} asked` } })
  await tenant.drain()
  return { ...one, otherEventId: other.eventId }
}
