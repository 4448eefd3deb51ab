import { normalEmail } from '#control-plane/core/person/person.ts'
import { findPersonByEmail } from '#control-plane/core/person/person-store.ts'
import { limitRate } from '#shared/rates/limit-rate.ts'
import { sourceNetworkOf } from '#shared/runtime/source-network.ts'
import type { ControlCtx, ControlDeps } from '../env.ts'
import { rememberBrowser } from './asked-link.ts'
import { ASK_BY_ADDRESS, ASK_BY_CALLER, ASK_MS_MIN } from './limits.ts'
import { mailLink } from './mail-link.ts'

/**
 * Mails a link to whoever has this address. A known and an unknown address look the same: the same rows are written, the same time is
 * taken, nothing is answered. Throws `rate.too_many`.
 */
export async function askLink(
  ctx: ControlCtx,
  input: {
    readonly signIn: ControlDeps['signIn']
    readonly email: string
    /** Names the browser that asks. */
    readonly browser: string
    /** Page of ours to go on to. */
    readonly to?: string | undefined
  },
): Promise<void> {
  const email = normalEmail(input.email)
  await limitRate(ctx, ASK_BY_CALLER, sourceNetworkOf(ctx.caller?.ipAddress))
  await limitRate(ctx, ASK_BY_ADDRESS, email)
  await Promise.all([ctx.pause(ASK_MS_MIN), send(ctx, { ...input, email })])
}

async function send(ctx: ControlCtx, input: Parameters<typeof askLink>[1]): Promise<void> {
  const { mailedLinkAuth } = await import('./mailed-link-auth.ts')
  const auth = mailedLinkAuth(ctx, {
    signIn: input.signIn,
    async send({ email, token }) {
      await rememberBrowser(ctx, { token, browser: input.browser, to: input.to })
      const person = await findPersonByEmail(ctx, email)
      if (person !== undefined) await mailLink(ctx, { person, token })
    },
  })
  await auth.api.signInMagicLink({ body: { email: input.email }, headers: new Headers() })
}
