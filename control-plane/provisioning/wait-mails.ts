import type { PlannedMail } from '#control-plane/core/control-mail/plan-control-mail.ts'
import { isToBeMended } from '#control-plane/core/domain/domain.ts'
import { getLicensee } from '#control-plane/core/licensee/licensee-store.ts'
import { type TenantNews, tenantMail } from '#control-plane/core/tenant/tenant-mails.ts'
import { mendOf } from './move-mails.ts'
import type { StepRow } from './run.ts'
import { saysOf } from './sentences.ts'
import { type DomainChange, generationOf, type Work } from './step.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR

/** A licensee is told when his turn comes, reminded, and asked after a month whether he still wants it: hours of waiting → mail. */
export const LICENSEE_MAILS = [0, 24, 72, 7 * 24, 14 * 24, 30 * 24] as const
/** The vendor hears of a step that waits for him when it is no hiccup; of one that failed, at once. */
export const VENDOR_MAILS = [1, 24, 7 * 24] as const

/** Mails about a step that is left undone until somebody acts; each once for the step, its generation and the time it has waited. */
export async function mailsOfWait(
  work: Work,
  after: StepRow,
  change: DomainChange | undefined,
): Promise<readonly PlannedMail[]> {
  if (after.whoActs === 'nobody') return []
  const waited = work.ctx.clock.now() - (after.firstAt ?? work.ctx.clock.now())
  const isFailed = after.status === 'failed'
  const stage = stageOf(after.whoActs === 'licensee' ? LICENSEE_MAILS : VENDOR_MAILS, waited)
  if (stage === undefined && !isFailed) return []
  const cause = isFailed ? `failed:${after.error?.code ?? ''}` : `${after.waitsFor ?? ''}:${stage ?? 0}`
  const mailKey = `run:${after.runId}:${after.name}:${generationOf(after)}:${after.whoActs}:${cause}`
  return after.whoActs === 'licensee'
    ? [await toLicensee(work, after, mailKey, { change, stage: stage ?? 0 })]
    : [toVendor(work, after, mailKey)]
}

/** The newest of these whose time has come, as its place among them. */
function stageOf(hours: readonly number[], waited: number): number | undefined {
  const at = hours.findLastIndex((hour) => waited >= hour * HOUR)
  return at === -1 ? undefined : at
}

async function toLicensee(
  { ctx, tenant, domain }: Work,
  after: StepRow,
  mailKey: string,
  { change, stage }: { readonly change: DomainChange | undefined; readonly stage: number },
): Promise<PlannedMail> {
  const licensee = await getLicensee(ctx, tenant.licenseeId)
  const { sentence } = saysOf.step(after)
  const records = (change?.set?.records ?? domain?.records ?? []).filter(isToBeMended).map(mendOf)
  return tenantMail(ctx, { mailKey, tenant, licensee, news: newsAt(stage, sentence, records) })
}

function newsAt(stage: number, sentence: string, records: ReturnType<typeof mendOf>[]): TenantNews {
  const hours = LICENSEE_MAILS[stage] ?? 0
  if (hours === 0) return { kind: 'your_turn', sentence, records }
  if (stage === LICENSEE_MAILS.length - 1) return { kind: 'still_wanted', sentence }
  return { kind: 'still_your_turn', sentence, records, days: (hours * HOUR) / DAY }
}

function toVendor({ ctx, tenant, run }: Work, after: StepRow, mailKey: string): PlannedMail {
  const { tenantId, domainName } = tenant
  const { vendorSentence } = saysOf.step(after)
  const { error } = after
  return {
    mailKey,
    to: ctx.licenceSettings.vendorEmail,
    parts: {
      subject: `${domainName}: ${after.name.replaceAll('_', ' ')} ${after.status === 'failed' ? 'failed' : 'waits for us'}`,
      paragraphs: [
        vendorSentence,
        ...(error === undefined || after.status === 'failed' ? [] : [`${error.code}: ${error.text}`]),
      ],
      facts: [
        ['Look', `npm run convoke -- tenant run ${tenantId} ${run.runId}`],
        ['Go on, once it is mended', `npm run convoke -- tenant retry ${tenantId}`],
      ],
      footer: `${ctx.settings.vendorName}, domain ${domainName}, run ${run.kind}`,
    },
  }
}
