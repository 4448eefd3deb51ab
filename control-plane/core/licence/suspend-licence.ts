import type { Ctx } from '../context.ts'
import type { Licence } from './licence.ts'
import { getLicence } from './licence-store.ts'
import { moveLicence } from './move-licence.ts'

type Input = { readonly licenceId: string; readonly reason: string }

/** Holds a licence for abuse, whatever is paid: nothing leaves its stack. The vendor's act, with a reason. */
export async function suspendLicence(ctx: Ctx, { licenceId, reason }: Input): Promise<Licence> {
  return moveLicence(ctx, { licence: await getLicence(ctx, licenceId), licenceEvent: { kind: 'abuse_held' }, reason })
}

/** Ends an abuse hold. */
export async function liftSuspension(ctx: Ctx, { licenceId, reason }: Input): Promise<Licence> {
  return moveLicence(ctx, { licence: await getLicence(ctx, licenceId), licenceEvent: { kind: 'abuse_lifted' }, reason })
}
