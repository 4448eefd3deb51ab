import { QUOTA_NAMES } from '#control-plane/cloud/quotas.ts'
import { getRelease } from '#control-plane/core/release/release.ts'
import { isFailure } from '#shared/errors/failure.ts'
import { takeToken } from '../budget.ts'
import type { Site } from '../site.ts'
import type { Observation, Step, Work } from '../step.ts'
import { keepCounted, knownFull, moveToOtherCell } from './other-cell.ts'
import { sendRateOf } from './send-rate-step.ts'

const HOUR = 3600_000
const RELEASES_LOOK_MILLISECONDS = 300_000
/** A place is full before the last of something is taken: what is replaced stands beside its successor for a while. */
const FULL_SHARE = 0.95

/** Whether the account is the one we mean, may send mail, and has room. */
export const checkPlace: Step = {
  name: 'check_place',
  sentence: 'We check the place that your domain gets.',
  vendorSentence: 'Identity, SES production access and quotas of the account are checked.',
  async observe(work) {
    const site = await work.site()
    const { awsAccountId } = await work.call('sts', (cloud) => cloud.identity.read())
    if (awsAccountId !== site.place.awsAccountId)
      return {
        kind: 'stuck',
        code: 'wrong_account',
        text: `The role leads to account ${awsAccountId} instead of ${site.place.awsAccountId}.`,
        whoActs: 'vendor',
      }
    if (await isOpenToAll(work, site))
      return {
        kind: 'stuck',
        code: 'role_without_secret',
        text: 'The role in this account can be taken on without the ExternalId: its trust has to ask for it.',
        whoActs: 'licensee',
      }
    if (!(await readsReleases(work, site))) return waitForReleases(work)
    const ses = await work.call('ses', (cloud) => cloud.sesAccount.read())
    if (!ses.hasProductionAccess || !ses.isSendingEnabled) return waitFor(work, 'review')
    if (!(await isFull(work, site))) return { kind: 'done', resources: sendRateOf(ses) }
    return (await moveToOtherCell(work)) ?? waitFor(work, 'full')
  },
}

/** A role that asks for no secret would let one customer name another's account, or one of ours (confused deputy). */
async function isOpenToAll({ ctx }: Work, { place }: Site): Promise<boolean> {
  const { externalId, ...withoutSecret } = place
  if (externalId === undefined) return false
  await takeToken(ctx, 'sts', place)
  try {
    await ctx.cloud.at(withoutSecret).identity.read()
    return true
  } catch (error) {
    if (isFailure(error, 'cloud.denied')) return false
    throw error
  }
}

/** An account outside of the organisation reads the release bucket only when it is named there: without that its stack could not be made. */
async function readsReleases(work: Work, { releaseBucket }: Site): Promise<boolean> {
  if (work.tenant.placement !== 'customer') return true
  const { manifest } = await getRelease(work.ctx, work.run.templateVersion ?? '')
  try {
    await work.call('s3', (cloud) => cloud.tenantFiles.get({ bucketName: releaseBucket, key: manifest.templateKey }))
    return true
  } catch (error) {
    if (isFailure(error, 'cloud.denied')) return false
    throw error
  }
}

function waitForReleases({ ctx }: Work): Observation {
  return {
    kind: 'waiting',
    waitsFor: 'releases',
    whoActs: 'vendor',
    nextAt: ctx.clock.now() + RELEASES_LOOK_MILLISECONDS,
  }
}

function waitFor({ ctx, tenant }: Work, waitsFor: string): Observation {
  const whoActs = tenant.placement === 'customer' ? 'licensee' : 'vendor'
  return { kind: 'waiting', waitsFor, whoActs, nextAt: ctx.clock.now() + HOUR }
}

async function isFull({ ctx, call }: Work, { place }: Site): Promise<boolean> {
  const known = await knownFull(ctx, place)
  if (known !== undefined) return known
  let full = ''
  for (const quotaName of QUOTA_NAMES) {
    const { used, limit } = await call('quotas', (cloud) => cloud.quotas.read(quotaName))
    if (used >= limit * FULL_SHARE) full = quotaName
  }
  await keepCounted(ctx, place, full)
  return full !== ''
}
