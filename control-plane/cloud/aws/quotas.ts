import { paginateListCertificates } from '@aws-sdk/client-acm'
import { DescribeAccountLimitsCommand, paginateDescribeStacks } from '@aws-sdk/client-cloudformation'
import { GetAccountLimitCommand } from '@aws-sdk/client-route-53'
import { paginateListEmailIdentities } from '@aws-sdk/client-sesv2'
import { DOCUMENTED_LIMITS, type Quotas, type QuotaUse } from '../quotas.ts'
import type { PlaceClients } from './place-clients.ts'
import { calling, given } from './sdk-call.ts'

/** The sum of a list's pages. */
async function count<P>(pages: AsyncIterable<P>, of: (page: P) => number): Promise<number> {
  let sum = 0
  for await (const page of pages) sum += of(page)
  return sum
}

export function createQuotas({ acm, cloudFormation, route53, ses }: PlaceClients): Quotas {
  const reads = {
    async hosted_zones(): Promise<QuotaUse> {
      const answer = await route53.send(new GetAccountLimitCommand({ Type: 'MAX_HOSTED_ZONES_BY_OWNER' }))
      return { used: given(answer.Count, 'Count'), limit: given(answer.Limit?.Value, 'Limit') }
    },
    async stacks(): Promise<QuotaUse> {
      const { AccountLimits } = await cloudFormation.send(new DescribeAccountLimitsCommand({}))
      const limit = AccountLimits?.find(({ Name }) => Name === 'StackLimit')?.Value
      const used = await count(
        paginateDescribeStacks({ client: cloudFormation }, {}),
        ({ Stacks }) => Stacks?.length ?? 0,
      )
      return { used, limit: given(limit, 'StackLimit') }
    },
    async email_identities(): Promise<QuotaUse> {
      const used = await count(
        paginateListEmailIdentities({ client: ses, pageSize: 1000 }, {}),
        ({ EmailIdentities }) => EmailIdentities?.length ?? 0,
      )
      return { used, limit: DOCUMENTED_LIMITS.email_identities }
    },
    async certificates(): Promise<QuotaUse> {
      const used = await count(
        paginateListCertificates({ client: acm, pageSize: 1000 }, {}),
        ({ CertificateSummaryList }) => CertificateSummaryList?.length ?? 0,
      )
      return { used, limit: DOCUMENTED_LIMITS.certificates }
    },
  }
  return { read: (quotaName) => calling(`the quota ${quotaName}`, reads[quotaName]) }
}
