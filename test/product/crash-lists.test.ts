import { afterAll, expect, it } from 'vitest'
import { createMailReader } from '#shared/imip/budget/mail-reader.ts'
import { createCollectingLog } from '#test/harness/platform/collecting-log.ts'
import { atEveryEffect } from '#test/harness/tenant/every-effect.ts'
import { lifeOfAList } from '#test/harness/tenant/life-of-a-list.ts'
import { memoReader } from '#test/harness/tenant/memo-reader.ts'

const reader = memoReader(createMailReader({ log: createCollectingLog() }))
afterAll(async () => reader.close())

it('invites each person of two lists once, whatever effect a worker dies or errs at', async () => {
  const { expected, boundaries, runs, wrong } = await atEveryEffect(reader, lifeOfAList, 2)
  expect(expected).toMatchObject({
    mails: [
      'ana.diaz@example.com Created METHOD:REPLY SEQUENCE:0',
      'ana.diaz@example.com Your list is sent',
      'ana.diaz@example.com Your list is sent',
      'bob@example.org Invitation METHOD:REQUEST SEQUENCE:0',
      'carl@example.org Invitation METHOD:REQUEST SEQUENCE:0',
      'dora@example.org Invitation METHOD:REQUEST SEQUENCE:0',
      'erin@example.org Invitation METHOD:REQUEST SEQUENCE:0',
      'fred@example.org Invitation METHOD:REQUEST SEQUENCE:0',
    ],
    events: [{ attendees: 5, sent: 5, failed: 0, delivered: 1, bounced: 1 }],
    suppressed: ['carl@example.org unsubscribe', 'dora@example.org hard_bounce'],
    deadLetters: 0,
  })
  expect(wrong).toEqual([])
  expect(boundaries).toBeGreaterThanOrEqual(40)
  expect(runs).toBe(boundaries * 5)
}, 600_000)
