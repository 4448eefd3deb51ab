import { afterAll, expect, it } from 'vitest'
import { createMailReader } from '#shared/imip/budget/mail-reader.ts'
import { requestReport } from '#tenant-stack/core/report/report.ts'
import { createCollectingLog } from '#test/harness/platform/collecting-log.ts'
import { atEveryEffect } from '#test/harness/tenant/every-effect.ts'
import { lifeOfAnEvent, pressAsked, receive } from '#test/harness/tenant/life-of-an-event.ts'
import { memoReader } from '#test/harness/tenant/memo-reader.ts'
import { askingMail, REPORTS } from '#test/harness/tenant/reported.ts'
import type { Act } from '#test/harness/tenant/story.ts'

const reader = memoReader(createMailReader({ log: createCollectingLog() }))
afterAll(async () => reader.close())

const ana = 'ana.diaz@example.com'

/** Mail in, invitation, answer; then the report by API, by the link of the created mail, and by mail, once for an event and once for none. */
const lifeOfReports: readonly Act[] = [
  ...lifeOfAnEvent.slice(0, 3),
  async (ctx, { known }) => {
    await requestReport(ctx, { eventId: known.get('eventId') ?? '', name: 'api_report' })
  },
  pressAsked(/\/report\/[0-9a-z]+/),
  receive(askingMail({ subject: 'A meeting', name: 'one' }), REPORTS, ana),
  receive(askingMail({ subject: 'Another meeting', name: 'none' }), REPORTS, ana),
]

it('mails each report once, whatever effect a request, a page or a worker dies or errs at', async () => {
  const { expected, boundaries, wrong } = await atEveryEffect(reader, lifeOfReports, 3)
  expect(expected).toMatchObject({
    mails: [
      'ana.diaz@example.com Created METHOD:REPLY SEQUENCE:0',
      'ana.diaz@example.com No event found',
      'ana.diaz@example.com Report',
      'ana.diaz@example.com Report',
      'ana.diaz@example.com Report',
      'bob@example.org Invitation METHOD:REQUEST SEQUENCE:0',
    ],
    outcomes: ['acted: answer_recorded', 'acted: created', 'acted: report_planned', 'ignored: no_such_event'],
    deadLetters: 0,
  })
  expect(wrong).toEqual([])
  expect(boundaries).toBeGreaterThanOrEqual(40)
}, 180_000)
