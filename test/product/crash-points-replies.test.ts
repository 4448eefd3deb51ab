import { afterAll, expect, it } from 'vitest'
import { createMailReader } from '#shared/imip/budget/mail-reader.ts'
import { createCollectingLog } from '#test/harness/platform/collecting-log.ts'
import { atEveryEffect } from '#test/harness/tenant/every-effect.ts'
import { lifeOfALateAnswer, lifeOfAnAttendee } from '#test/harness/tenant/life-of-an-event.ts'
import { memoReader } from '#test/harness/tenant/memo-reader.ts'

const reader = memoReader(createMailReader({ log: createCollectingLog() }))
afterAll(async () => reader.close())

it('loses and doubles nothing in what attendees say besides yes and no, whatever effect a worker dies or errs at', async () => {
  const { expected, boundaries, runs, wrong } = await atEveryEffect(reader, lifeOfAnAttendee)
  expect(expected).toEqual({
    mails: [
      'ana.diaz@example.com Created METHOD:REPLY SEQUENCE:0',
      'ana.diaz@example.com From bob@example.org',
      'ana.diaz@example.com New time proposed',
      'ana.diaz@example.com New time proposed',
      'ana.diaz@example.com Updated',
      'bob@example.org Invitation METHOD:REQUEST SEQUENCE:0',
      'bob@example.org Time stays METHOD:DECLINECOUNTER SEQUENCE:1',
      'bob@example.org Updated invitation METHOD:REQUEST SEQUENCE:1',
      'bob@example.org Updated invitation METHOD:REQUEST SEQUENCE:1',
    ],
    outcomes: [
      'acted: created',
      'acted: plain_text_forwarded',
      'acted: proposal_recorded',
      'acted: proposal_recorded',
      'acted: refresh_requested',
    ],
    events: [
      {
        status: 'confirmed',
        sequence: 1,
        attendees: 1,
        accepted: 0,
        declined: 0,
        none: 1,
        sent: 3,
        failed: 0,
        delivered: 0,
        bounced: 0,
        clients: { page: 1 },
        days: { invited: 1, sent: 3, accepted: 0, declined: 0 },
      },
    ],
    suppressed: [],
    deadLetters: 0,
  })
  expect(wrong).toEqual([])
  expect(boundaries).toBeGreaterThanOrEqual(85)
  expect(runs).toBe(boundaries * 5)
}, 600_000)

it('brings what a late answer asks for once, whatever effect a worker dies or errs at', async () => {
  const { expected, boundaries, runs, wrong } = await atEveryEffect(reader, lifeOfALateAnswer, 3)
  expect(expected).toMatchObject({
    mails: [
      'ana.diaz@example.com Created METHOD:REPLY SEQUENCE:0',
      'ana.diaz@example.com Updated',
      'ana.diaz@example.com Updated',
      'bob@example.org Invitation METHOD:REQUEST SEQUENCE:0',
      'bob@example.org Updated invitation METHOD:REQUEST SEQUENCE:1',
      'bob@example.org Updated invitation METHOD:REQUEST SEQUENCE:2',
    ],
    events: [{ sequence: 2, sent: 3, none: 0 }],
    deadLetters: 0,
  })
  expect(wrong).toEqual([])
  expect(boundaries).toBeGreaterThanOrEqual(26)
  expect(runs).toBe(boundaries * 5)
}, 600_000)
