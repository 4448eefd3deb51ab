import type { Step } from '../step.ts'
import { stackNameOf } from './stack-name.ts'

const LOOK_AGAIN_MILLISECONDS = 3600_000

/** The customer's own account: he makes our role there, with the secret that we made for this tenant, and tells us the account. */
export const linkAccount: Step = {
  name: 'link_account',
  sentence: 'Your AWS account is linked.',
  vendorSentence: 'The customer creates the role with our ExternalId and links the account.',
  onDone: 'slot_taken',
  async observe({ ctx, tenant }) {
    if (tenant.awsAccountId === undefined || tenant.externalId === undefined) {
      const nextAt = ctx.clock.now() + LOOK_AGAIN_MILLISECONDS
      return { kind: 'waiting', waitsFor: 'link', whoActs: 'licensee', nextAt }
    }
    return { kind: 'done', tenant: { stackName: stackNameOf(tenant) } }
  },
}
