import { limitRate } from '#shared/rates/limit-rate.ts'
import { sourceNetworkOf } from '#shared/runtime/source-network.ts'
import type { ControlCtx, ControlDeps } from '../env.ts'
import { tryLink } from './asked-link.ts'
import { callerHeaders } from './caller-headers.ts'
import { REDEEM_BY_CALLER } from './limits.ts'

type Redeemed = { readonly kind: 'signed_in'; readonly cookies: readonly string[]; readonly to?: string }
type Refused = { readonly kind: 'refused'; readonly reason: 'unknown' | 'other_browser' }

/** Tokens as better-auth mints them; anything else costs no read. */
const TOKEN = /^[A-Za-z]{32}$/

/** Redeems a mailed link: once, within its time, by the browser that asked. Throws `rate.too_many`. */
export async function redeemLink(
  ctx: ControlCtx,
  input: { readonly signIn: ControlDeps['signIn']; readonly token: string; readonly browser: string | undefined },
): Promise<Redeemed | Refused> {
  await limitRate(ctx, REDEEM_BY_CALLER, sourceNetworkOf(ctx.caller?.ipAddress))
  if (!TOKEN.test(input.token)) return { kind: 'refused', reason: 'unknown' }
  const verdict = await tryLink(ctx, input)
  if (verdict.kind === 'refused') return verdict
  const { mailedLinkAuth } = await import('./mailed-link-auth.ts')
  const response = await mailedLinkAuth(ctx, input).api.magicLinkVerify({
    query: { token: input.token },
    headers: callerHeaders(ctx),
    asResponse: true,
  })
  // What is not redeemed is answered with a redirect that carries an error.
  if (response.status !== 200) return { kind: 'refused', reason: 'unknown' }
  return {
    kind: 'signed_in',
    cookies: response.headers.getSetCookie(),
    ...(verdict.to === undefined ? {} : { to: verdict.to }),
  }
}
