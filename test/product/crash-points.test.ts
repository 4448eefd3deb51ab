import { afterAll, expect, it } from 'vitest'
import { createMailReader } from '#shared/imip/budget/mail-reader.ts'
import { createCollectingLog } from '#test/harness/platform/collecting-log.ts'
import { atEveryEffect } from '#test/harness/tenant/every-effect.ts'
import { lifeOfAnEvent } from '#test/harness/tenant/life-of-an-event.ts'
import { memoReader } from '#test/harness/tenant/memo-reader.ts'

const reader = memoReader(createMailReader({ log: createCollectingLog() }))
afterAll(async () => reader.close())

it('loses and doubles nothing in the life of an event, whatever effect a worker dies or errs at', async () => {
  const { expected, boundaries, runs, wrong } = await atEveryEffect(reader, lifeOfAnEvent)
  expect(expected).toEqual({
    mails: [
      'ana.diaz@example.com Called off',
      'ana.diaz@example.com Created METHOD:REPLY SEQUENCE:0',
      'ana.diaz@example.com Updated',
      'bob@example.org Cancelled METHOD:CANCEL SEQUENCE:2',
      'bob@example.org Invitation METHOD:REQUEST SEQUENCE:0',
      'bob@example.org Updated invitation METHOD:REQUEST SEQUENCE:1',
    ],
    outcomes: [
      'acted: answer_recorded',
      'acted: answer_recorded',
      'acted: cancelled',
      'acted: created',
      'acted: updated',
    ],
    events: [
      {
        status: 'cancelled',
        sequence: 2,
        attendees: 1,
        accepted: 0,
        declined: 1,
        none: 0,
        sent: 3,
        failed: 0,
        delivered: 0,
        bounced: 0,
        clients: { google: 1 },
        days: { invited: 1, sent: 3, accepted: 1, declined: 1 },
      },
    ],
    suppressed: [],
    deadLetters: 0,
  })
  expect(wrong).toEqual([])
  expect(boundaries).toBeGreaterThanOrEqual(85)
  expect(runs).toBe(boundaries * 5)
}, 600_000)
