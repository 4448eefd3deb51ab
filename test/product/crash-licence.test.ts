import { afterAll, expect, it } from 'vitest'
import type { LicenceState } from '#shared/contracts/licence-file.ts'
import { createMailReader } from '#shared/imip/budget/mail-reader.ts'
import { takeLicence } from '#tenant-stack/core/licence-standing/take-licence.ts'
import { sweepHandlers } from '#tenant-stack/pipelines/sweeps.ts'
import { createCollectingLog } from '#test/harness/platform/collecting-log.ts'
import { atEveryEffect } from '#test/harness/tenant/every-effect.ts'
import { lifeOfAnEvent } from '#test/harness/tenant/life-of-an-event.ts'
import { memoReader } from '#test/harness/tenant/memo-reader.ts'
import type { Act } from '#test/harness/tenant/story.ts'
import { testTenantId } from '#test/harness/tenant/test-tenant.ts'
import { createTestVendor } from '#test/harness/tenant/test-vendor.ts'

const reader = memoReader(createMailReader({ log: createCollectingLog() }))
afterAll(async () => reader.close())
const vendor = createTestVendor()
const domainName = 'events.example.net'

/** The vendor issues a file; a minute later every process has heard of it. */
const licence =
  (state: LicenceState): Act =>
  async (ctx, { platform }) => {
    platform.clock.advance(61)
    await vendor.issue(ctx.blobs, { tenantId: testTenantId, domainName, issuedAt: ctx.clock.now(), state })
    await takeLicence(ctx)
    platform.clock.advance(61)
    await sweepHandlers.unfinished(ctx)
  }

/** Mail in and an invitation; suspended: an answer, and a new time that is held; resumed. */
const lifeOfASuspension: readonly Act[] = [
  licence('active'),
  ...lifeOfAnEvent.slice(0, 2),
  licence('suspended'),
  ...lifeOfAnEvent.slice(2, 4),
  licence('active'),
]

it('loses and doubles nothing over a suspension, whatever effect a worker dies or errs at', async () => {
  const { expected, boundaries, runs, wrong } = await atEveryEffect(reader, lifeOfASuspension, 3, vendor.licenceKeys)
  expect(expected).toMatchObject({
    mails: [
      'ana.diaz@example.com Created METHOD:REPLY SEQUENCE:0',
      'ana.diaz@example.com Updated',
      'bob@example.org Invitation METHOD:REQUEST SEQUENCE:0',
      'bob@example.org Updated invitation METHOD:REQUEST SEQUENCE:1',
    ],
    outcomes: ['acted: answer_recorded', 'acted: created', 'acted: updated'],
    events: [{ status: 'confirmed', sequence: 1, sent: 2, failed: 0 }],
    deadLetters: 0,
  })
  expect(wrong).toEqual([])
  expect(boundaries).toBeGreaterThanOrEqual(40)
  expect(runs).toBe(boundaries * 5)
}, 600_000)
