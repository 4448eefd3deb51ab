import { accountBaselineOf } from '#shared/contracts/account-baseline.ts'
import type { ControlEnvironment } from '#shared/contracts/control-environment.ts'
import type { Estate } from './context.ts'

/** The vendor's organisation as the control plane's settings tell it. */
export function estateOf(whole: ControlEnvironment): Estate {
  const { environment, estate, vendorEmail, vendorName, websiteUrl, queueUrlPrefix } = whole
  const [local = '', host = ''] = vendorEmail.split('@')
  const { rootParentId, dedicatedParentId, warmAccounts, retentionDays, releaseBuckets } = estate
  return {
    environment,
    rootParentId,
    dedicatedParentId,
    warmAccounts,
    retentionDays,
    // Mail to a part after + comes to the same person at most providers; AWS wants another address for each account.
    accountEmailOf: (token) => `${local}+${token}@${host}`,
    noticeQueueUrl: `${queueUrlPrefix}tenant-notice`,
    accountBaseline: (place) => ({ ...accountBaselineOf(place), releaseBucket: releaseBuckets[place.region] ?? '' }),
    mailUse: {
      websiteUrl,
      useCase: `${vendorName} sends calendar invitations and answers to them, for one customer in each account, to people who are invited.`,
      contactEmail: vendorEmail,
    },
  }
}
