import { isFailure } from '#shared/errors/failure.ts'
import { commit } from '../commit.ts'
import type { Ctx } from '../context.ts'
import { type Licensee, LicenseeFailure } from './licensee.ts'
import { getLicensee, licenseeWrite } from './licensee-store.ts'

/** Changes what a licensee is called, where its mails go, and (the vendor's act) whether it is trusted. */
export async function updateLicensee(
  ctx: Ctx,
  input: {
    readonly licenseeId: string
    readonly change: Partial<Pick<Licensee, 'name' | 'billingEmail' | 'isTrusted' | 'isEarly'>>
  },
): Promise<Licensee> {
  const before = await getLicensee(ctx, input.licenseeId)
  const after: Licensee = { ...before, ...input.change, version: before.version + 1 }
  const { stripeCustomerId } = before
  try {
    await commit(ctx, {
      operations: [licenseeWrite(before, after)],
      audit: {
        action: 'licensee.updated',
        target: { kind: 'licensee', id: before.licenseeId },
        licenseeId: before.licenseeId,
        before,
        after,
      },
      // Stripe sends its invoices and receipts itself.
      notices:
        stripeCustomerId === undefined || after.billingEmail === before.billingEmail
          ? []
          : [{ queueName: 'billing-sync', body: { stripeCustomerId } }],
    })
  } catch (error) {
    if (isFailure(error, 'table.condition_failed'))
      throw LicenseeFailure.changed_meanwhile('The licensee has changed meanwhile: look again.')
    throw error
  }
  return after
}
