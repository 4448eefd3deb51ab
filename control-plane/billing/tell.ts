import { commit } from '#control-plane/core/commit.ts'
import { type PlannedMail, planControlMails } from '#control-plane/core/control-mail/plan-control-mail.ts'
import type { BillingCtx } from './billing-context.ts'

type Told = {
  /** Names the mail: told once however often it is asked for. */
  readonly mailKey: string
  readonly subject: string
  readonly text: string
  /** The vendor unless said otherwise. */
  readonly to?: string
}

/** Tells people once of what no program settles, or of what it has settled for them. */
export async function tell(
  ctx: BillingCtx,
  input: {
    readonly told: readonly Told[]
    readonly target: { readonly kind: string; readonly id: string }
    readonly licenseeId?: string
  },
): Promise<void> {
  const { told, target, licenseeId } = input
  const mails = await planControlMails(ctx, told.map(mailOf))
  if (mails.operations.length === 0) return
  const reason = told.map(({ subject }) => subject).join('; ')
  const audit = { action: 'vendor.told', target, reason, ...(licenseeId === undefined ? {} : { licenseeId }) }
  await commit(ctx, { ...mails, audit })

  function mailOf({ mailKey, subject, text, to }: Told): PlannedMail {
    const parts = { subject, paragraphs: [text], footer: ctx.settings.vendorName }
    return { mailKey, to: to ?? ctx.licenceSettings.vendorEmail, parts }
  }
}
