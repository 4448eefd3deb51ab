import { afterAll, expect, it } from 'vitest'
import { createMailReader } from '#shared/imip/budget/mail-reader.ts'
import { createCollectingLog } from '#test/harness/platform/collecting-log.ts'
import { atEveryEffect } from '#test/harness/tenant/every-effect.ts'
import { lifeOfAConfirmation, lifeOfAFailure, lifeOfASeries } from '#test/harness/tenant/life-of-an-event.ts'
import { memoReader } from '#test/harness/tenant/memo-reader.ts'

const reader = memoReader(createMailReader({ log: createCollectingLog() }))
afterAll(async () => reader.close())

const created = 'ana.diaz@example.com Created METHOD:REPLY SEQUENCE:0'

it('tells the sender of a mail without a calendar once', async () => {
  const { expected, boundaries, runs, wrong } = await atEveryEffect(reader, lifeOfAFailure)
  expect(expected.mails).toEqual(['ana.diaz@example.com Could not be used'])
  expect(expected.outcomes).toEqual(['ignored: not_a_calendar'])
  expect(wrong).toEqual([])
  expect(boundaries).toBeGreaterThanOrEqual(15)
  expect(runs).toBe(boundaries * 5)
}, 600_000)

it('asks the sender of an unproven mail once, and creates his event once', async () => {
  const { expected, boundaries, runs, wrong } = await atEveryEffect(reader, lifeOfAConfirmation)
  expect(expected.mails).toEqual([created, 'ana.diaz@example.com Please confirm'])
  expect(expected.outcomes).toEqual(['acted: created'])
  expect(expected.events).toHaveLength(1)
  expect(wrong).toEqual([])
  expect(boundaries).toBeGreaterThanOrEqual(30)
  expect(runs).toBe(boundaries * 5)
}, 600_000)

it('calls off two dates of a series, each once', async () => {
  const { expected, boundaries, runs, wrong } = await atEveryEffect(reader, lifeOfASeries, 3)
  expect(expected.mails).toEqual([
    'ana.diaz@example.com A date called off',
    'ana.diaz@example.com A date called off',
    created,
    'bob@example.org Cancelled METHOD:CANCEL SEQUENCE:1',
    'bob@example.org Cancelled METHOD:CANCEL SEQUENCE:2',
    'bob@example.org Invitation METHOD:REQUEST SEQUENCE:0',
  ])
  expect(expected.events).toMatchObject([{ status: 'confirmed', sequence: 2, accepted: 1, sent: 3 }])
  expect(wrong).toEqual([])
  expect(boundaries).toBeGreaterThanOrEqual(30)
  expect(runs).toBe(boundaries * 5)
}, 600_000)
