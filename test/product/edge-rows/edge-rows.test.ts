import { afterAll, describe, expect, it } from 'vitest'
import { createMailReader } from '#shared/imip/budget/mail-reader.ts'
import { createCollectingLog } from '#test/harness/platform/collecting-log.ts'
import { playRow } from './play-row.ts'
import { readRows } from './read-row.ts'

/** These mails are small; a longer limit keeps a busy machine out of the result. */
const reader = createMailReader({ log: createCollectingLog(), wallMs: 20_000 })
afterAll(async () => reader.close())

const rows = readRows()

it('has a fixture for each of the 55 rows', () => {
  expect([...new Set(rows.map(({ row }) => row))]).toEqual(Array.from({ length: 55 }, (_, index) => index + 1))
})

describe('edge row', () => {
  for (const fixture of rows)
    it(fixture.name.replaceAll('-', ' '), async () => {
      const { expected } = fixture
      const played = await playRow(fixture, reader)
      expect(played.before).toEqual(expected.before.map(({ outcome }) => outcome))
      expect(played.outcome).toEqual(expected.outcome)
      expect(played.events).toMatchObject(expected.events)
      expect(played.sent).toEqual(expected.sent.toSorted())
      expect(played.occurs).toEqual(expected.occurs)
      if (expected.answers !== undefined) expect(played.answers).toMatchObject(expected.answers)
      if (expected.history !== undefined) expect(played.history).toMatchObject(expected.history)
      for (const text of expected.invitation?.holds ?? []) expect(played.invitation).toContain(text)
      for (const text of expected.invitation?.lacks ?? []) expect(played.invitation).not.toContain(text)
    })
})
