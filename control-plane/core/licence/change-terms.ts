import type { LicenceTermsBody } from '#shared/contracts/licence-terms.ts'
import type { Ctx } from '../context.ts'
import type { Licence } from './licence.ts'
import { getLicence } from './licence-store.ts'
import { moveLicence } from './move-licence.ts'

/**
 * Changes what a licence bounds and includes; the vendor's act, with a reason. The tenant's licence file is written anew by it. Throws
 * `licence.wrong_state` when nothing would change.
 */
export async function changeTerms(
  ctx: Ctx,
  input: { readonly licenceId: string; readonly change: LicenceTermsBody },
): Promise<Licence> {
  const { licenceId, change } = input
  const licence = await getLicence(ctx, licenceId)
  const licenceEvent = { kind: 'terms_changed', ...termsAfter(licence, change) } as const
  return moveLicence(ctx, { licence, licenceEvent, reason: change.reason })
}

/** What the terms become; what is not named stays. Pure. */
export function termsAfter(
  licence: Pick<Licence, 'limits' | 'entitlements'>,
  { limits = {}, entitlements = {} }: Pick<LicenceTermsBody, 'limits' | 'entitlements'>,
): Pick<Licence, 'limits' | 'entitlements'> {
  const bounded = Object.entries({ ...licence.limits, ...limits }).flatMap(([name, value]) =>
    typeof value === 'number' ? [[name, value] as const] : [],
  )
  return { limits: Object.fromEntries(bounded), entitlements: { ...licence.entitlements, ...entitlements } }
}
