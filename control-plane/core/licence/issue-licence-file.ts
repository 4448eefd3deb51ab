import type { LicenceFile } from '#shared/contracts/licence-file.ts'
import { DAY_MS, dayZeroOf, RETRY_DAYS_MAX } from './calendar.ts'
import type { Licence } from './licence.ts'
import type { LicenceSettings, SigningCtx } from './licence-context.ts'

/** The signed file that the tenant's stack lives by; its content is the licence's, only `issuedAt` is the clock's. */
export function issueLicenceFile(ctx: SigningCtx, licence: Licence): LicenceFile {
  const notAfter = dayZeroOf(licence) ?? 0
  const graceUntil = graceUntilOf(licence, ctx.licenceSettings, notAfter)
  return ctx.licenceSigner.sign({
    format: 1,
    licenceId: licence.licenceId,
    tenantId: licence.tenantId,
    domainName: licence.domainName,
    state: licence.state,
    isBanned: licence.isAbuseHeld,
    entitlements: licence.entitlements,
    limits: licence.limits,
    notBefore: licence.periodStart ?? licence.createdAt,
    notAfter,
    ...(graceUntil === undefined ? {} : { graceUntil }),
    issuedAt: ctx.clock.now(),
  })
}

/** While a licence works, the file already promises the tail that follows an unpaid day 0, so that no stack stops before we say so. */
function graceUntilOf(licence: Licence, { graceDays }: LicenceSettings, notAfter: number): number | undefined {
  const { state, isCancelScheduled, graceUntil } = licence
  const tail = (RETRY_DAYS_MAX + graceDays) * DAY_MS
  if (state === 'active' || state === 'renewal_due') return notAfter + (isCancelScheduled ? DAY_MS : tail)
  return state === 'past_due' || state === 'disputed' ? notAfter + tail : graceUntil
}
