import { afterAll, expect, it } from 'vitest'
import { createMailReader } from '#shared/imip/budget/mail-reader.ts'
import { createCollectingLog } from '#test/harness/platform/collecting-log.ts'
import { atEveryEffect } from '#test/harness/tenant/every-effect.ts'
import { lifeOfAList } from '#test/harness/tenant/life-of-an-event.ts'
import { memoReader } from '#test/harness/tenant/memo-reader.ts'

const reader = memoReader(createMailReader({ log: createCollectingLog() }))
afterAll(async () => reader.close())

it('loses and doubles nothing of lists that come by mail, whatever effect a worker dies or errs at', async () => {
  const { expected, boundaries, runs, wrong } = await atEveryEffect(reader, lifeOfAList, 1)
  expect(expected).toMatchObject({
    mails: [
      'ana.diaz@example.com Created METHOD:REPLY SEQUENCE:0',
      'ana.diaz@example.com Please confirm',
      'ana.diaz@example.com Please confirm your list',
      'ana.diaz@example.com Please confirm your list',
      'ana.diaz@example.com Your list is sent',
      'bob@example.org Invitation METHOD:REQUEST SEQUENCE:0',
      'cleo@example.org Invitation METHOD:REQUEST SEQUENCE:0',
    ],
    outcomes: ['acted: created', 'acted: list_taken', 'acted: list_taken'],
    events: [{ attendees: 2, sent: 2, failed: 0, days: { invited: 2, sent: 2 } }],
    deadLetters: 0,
  })
  expect(wrong).toEqual([])
  expect(boundaries).toBeGreaterThanOrEqual(40)
  expect(runs).toBe(boundaries * 5)
}, 900_000)
