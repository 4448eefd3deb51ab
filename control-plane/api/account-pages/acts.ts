import type { Context } from 'hono'
import type { Licence } from '#control-plane/core/licence/licence.ts'
import type { LicenceEvent } from '#control-plane/core/licence/licence-event.ts'
import { decideLicence } from '#control-plane/core/licence/licence-machine.ts'
import type { ApiEnv } from '../env.ts'
import type { Permission } from '../permissions.ts'

/** Which buttons a licence has for whoever looks. */
export type Acts = {
  readonly pay: boolean
  readonly cancel: boolean
  readonly undoCancel: boolean
}

/** Asked of the roles and of the machine that the verbs themselves ask. */
export function actsOn(c: Context<ApiEnv>, licence: Licence): Acts {
  const { ctx } = c.var
  const now = ctx.clock.now()
  const happens = (...kinds: readonly LicenceEvent[]) =>
    kinds.some((each) => decideLicence(licence, each, ctx.actor, now).kind === 'moved')
  const checkout = { sessionId: '', url: '', expiresAt: 0 }
  return {
    pay:
      mayPress(c, 'billing:pay', 'openCheckout') &&
      happens({ kind: 'checkout_opened', checkout, number: licence.checkoutCount + 1 }),
    cancel: mayPress(c, 'billing:pay', 'cancelLicence') && happens({ kind: 'cancel_scheduled' }, { kind: 'cancelled' }),
    undoCancel: mayPress(c, 'billing:pay', 'undoCancel') && happens({ kind: 'cancel_undone' }),
  }
}

/** Whether the operation's guards would let whoever looks through. */
export function mayPress(c: Context<ApiEnv>, permission: Permission, operationId: string): boolean {
  const { guards, principal } = c.var
  return guards.may(principal, permission, operationId) && guards.mayWrite(principal)
}
