import { afterAll, expect, it } from 'vitest'
import { createMailReader } from '#shared/imip/budget/mail-reader.ts'
import { createCollectingLog } from '#test/harness/platform/collecting-log.ts'
import { atEveryEffect } from '#test/harness/tenant/every-effect.ts'
import { lifeByApi } from '#test/harness/tenant/life-by-api.ts'
import { memoReader } from '#test/harness/tenant/memo-reader.ts'

const reader = memoReader(createMailReader({ log: createCollectingLog() }))
afterAll(async () => reader.close())

it('creates, changes and cancels once, whatever effect a request or a worker dies or errs at', async () => {
  const { expected, boundaries, wrong } = await atEveryEffect(reader, lifeByApi, 3)
  expect(expected).toMatchObject({
    mails: [
      'ana.diaz@example.com Called off',
      'ana.diaz@example.com Created METHOD:REPLY SEQUENCE:0',
      'ana.diaz@example.com Updated',
      'bob@example.org Cancelled METHOD:CANCEL SEQUENCE:2',
      'bob@example.org Invitation METHOD:REQUEST SEQUENCE:0',
      'bob@example.org Updated invitation METHOD:REQUEST SEQUENCE:1',
    ],
    events: [
      { status: 'confirmed', sequence: 0, attendees: 0 },
      { status: 'cancelled', sequence: 2, attendees: 1 },
    ],
    deadLetters: 0,
  })
  expect(wrong).toEqual([])
  expect(boundaries).toBeGreaterThanOrEqual(26)
}, 600_000)
