import type { PlannedMail } from '#control-plane/core/control-mail/plan-control-mail.ts'
import { type Domain, type DomainRecord, isToBeMended } from '#control-plane/core/domain/domain.ts'
import type { Licence } from '#control-plane/core/licence/licence.ts'
import { getLicensee } from '#control-plane/core/licensee/licensee-store.ts'
import type { Tenant } from '#control-plane/core/tenant/tenant.ts'
import { type TenantNews, tenantMail } from '#control-plane/core/tenant/tenant-mails.ts'
import { WORKING_STATES } from '#shared/contracts/licence-file.ts'
import type { ProvisioningCtx } from './context.ts'
import type { Run } from './run.ts'

/** Mails of a tenant's move by a run; each once for the run. The vendor alone hears of an update that failed. */
export async function mailsOfMove(
  ctx: ProvisioningCtx,
  move: {
    readonly before: Tenant
    readonly after: Tenant
    readonly run: Run
    readonly domain: Domain | undefined
    /** What the run has left in the account. */
    readonly left: readonly string[]
    readonly licence: () => Promise<Licence>
  },
): Promise<readonly PlannedMail[]> {
  const { before, after, run } = move
  if (before.state === after.state) return []
  const mailKey = `run:${run.runId}:${after.state}`
  if (after.state === 'update_failed') return [updateFailed(ctx, mailKey, after, run)]
  const news = await newsOf(move)
  if (news === undefined) return []
  const licensee = await getLicensee(ctx, after.licenseeId)
  return [tenantMail(ctx, { mailKey, tenant: after, licensee, news })]
}

async function newsOf({
  before,
  after,
  domain,
  licence,
  left,
}: Parameters<typeof mailsOfMove>[1]): Promise<TenantNews | undefined> {
  if (after.state === 'live' && before.state === 'verifying') return { kind: 'live' }
  if (after.state === 'live' && before.state === 'resuming') return { kind: 'works_again' }
  // Who lost the name was told so by the contest.
  if (after.unboundAt !== undefined && after.state === 'suspended') return undefined
  if (after.state === 'suspended') return stoppedNews(await licence(), domain)
  if (after.state === 'retained')
    return { kind: 'retained', until: after.retainedUntil ?? 0, left: theirs(after, left) }
  return after.state === 'deleted' ? { kind: 'deleted', left: theirs(after, left) } : undefined
}

/** What is left in an account of ours is for the vendor to know. */
function theirs({ placement }: Tenant, left: readonly string[]): readonly string[] {
  return placement === 'customer' ? left : []
}

/** Whoever did not pay was told so by his licence's own mail. */
function stoppedNews({ isAbuseHeld, state }: Licence, domain: Domain | undefined): TenantNews | undefined {
  if (isAbuseHeld) return { kind: 'stopped', because: 'abuse' }
  if (!WORKING_STATES.includes(state)) return undefined
  // That it is lost was told when it was found.
  return domain?.state === 'lost' ? undefined : { kind: 'stopped', because: 'other' }
}

function updateFailed(ctx: ProvisioningCtx, mailKey: string, tenant: Tenant, run: Run): PlannedMail {
  const { tenantId, domainName } = tenant
  const { vendorName } = ctx.settings
  return {
    mailKey,
    to: ctx.licenceSettings.vendorEmail,
    parts: {
      subject: `The update of ${domainName} to ${run.templateVersion ?? 'its release'} failed`,
      paragraphs: [
        'The tenant stands as CloudFormation left it. Look at the run, mend the cause, then start the update again or desire the release before.',
      ],
      facts: [
        ['Look', `npm run convoke -- tenant run ${tenantId} ${run.runId}`],
        ['Back to another release', `npm run convoke -- tenant desire ${tenantId} VERSION`],
      ],
      footer: `${vendorName}, domain ${domainName}`,
    },
  }
}

/** Mails of what a look has found of a domain in use; each once for the time that it was found so. */
export async function mailsOfDomain(
  ctx: ProvisioningCtx,
  { tenant, before, after }: { readonly tenant: Tenant; readonly before: Domain; readonly after: Domain },
): Promise<readonly PlannedMail[]> {
  const news = domainNews(before.state, after)
  if (news === undefined) return []
  const licensee = await getLicensee(ctx, tenant.licenseeId)
  // The version is part of the write's condition: two looks that find the same write one of them.
  const mailKey = `domain:${tenant.tenantId}:${after.state}:${before.version}`
  return [tenantMail(ctx, { mailKey, tenant, licensee, news })]
}

function domainNews(was: Domain['state'], { state, records }: Domain): TenantNews | undefined {
  if (state === was) return undefined
  const wrong = records.filter(isToBeMended)
  if (state === 'drifted' || state === 'lost') return { kind: state, records: wrong.map(mendOf) }
  const isBack = state === 'verified' && (was === 'drifted' || was === 'lost')
  return isBack ? { kind: 'domain_back' } : undefined
}

export function mendOf({ name, type, expected, found, sentence }: DomainRecord) {
  return { name, type, expected, found, sentence }
}
