import type { ReportDue } from '#shared/contracts/notices.ts'
import { defineFailures, isFailure } from '#shared/errors/failure.ts'
import type { WriteOperation } from '#shared/platform/table.ts'
import { getEvent } from '../calendar-event/event-store.ts'
import type { Ctx } from '../context.ts'
import { dayQuota } from '../day-quota.ts'
import { assertLicensed } from '../licence-standing/held-work.ts'
import { publish } from '../publish.ts'
import { ledgerKey } from '../send-ledger/ledger.ts'
import { planLedgerOperation } from '../send-ledger/plan-ledger.ts'

/** Of one event on one UTC day, however they are asked for: who wants it by the minute reads the API. */
export const REPORTS_PER_EVENT_MAX = 20

/** Others may ask for reports of the same event in the same moment. */
const TRIES = 5

export const ReportFailure = defineFailures('report', {
  too_many: { status: 429, retry: false },
})

/** The same event and name give the same report: it is mailed once. */
function reportIdOf(ctx: Ctx, { eventId, name }: { readonly eventId: string; readonly name: string }): string {
  return `rpt_${ctx.sha256(`${eventId}\n${name}`).slice(0, 32)}`
}

/** Names the one mail of a report. */
export function reportLedgerId(reportId: string): string {
  return `ntc_report-${reportId}`
}

export type PlannedReport = { readonly due: ReportDue; readonly operations: readonly WriteOperation[] }

/**
 * The writes that promise one report of an event to its organizer, to go with whatever asks for it; undefined when the event has had the day's
 * reports. `of` names the mail that asks.
 */
export async function planReport(
  ctx: Ctx,
  input: {
    readonly eventId: string
    readonly name: string
    readonly of?: { readonly mailId: string; readonly recipient: string }
  },
): Promise<PlannedReport | undefined> {
  const { eventId, of = {} } = input
  const quota = await dayQuota(ctx, { name: `reports#${eventId}`, max: REPORTS_PER_EVENT_MAX })
  if (quota === undefined) return undefined
  const due: ReportDue = { reportId: reportIdOf(ctx, input), eventId, ...of }
  const resume = { topicName: 'report-due', body: JSON.stringify(due) } as const
  return { due, operations: [planLedgerOperation(ctx, reportLedgerId(due.reportId), resume), quota] }
}

/**
 * Promises the report of an event to its organizer, and to nobody else, whoever asks. By the same name it is mailed once. Throws
 * `event.not_found`, `report.too_many`, `licence.suspended`.
 */
export async function requestReport(
  ctx: Ctx,
  input: { readonly eventId: string; readonly name: string },
): Promise<{ readonly reportId: string; readonly organizerAddress: string }> {
  const { eventId, organizerAddress } = await getEvent(ctx, input.eventId)
  await assertLicensed(ctx)
  const reportId = reportIdOf(ctx, input)
  for (let attempt = 1; ; attempt += 1) {
    // Planned before: what a crash left behind is finished.
    if ((await ctx.table.get(ledgerKey(reportLedgerId(reportId)))) !== undefined) break
    const planned = await planReport(ctx, input)
    if (planned === undefined)
      throw ReportFailure.too_many(`An event has ${REPORTS_PER_EVENT_MAX} reports a day by mail; ask again tomorrow.`)
    try {
      await ctx.table.transact(planned.operations)
      break
    } catch (error) {
      const isRace = isFailure(error, 'table.condition_failed') || isFailure(error, 'table.conflict')
      if (!isRace || attempt >= TRIES) throw error
    }
  }
  await publish(ctx, 'report-due', { reportId, eventId })
  return { reportId, organizerAddress }
}
