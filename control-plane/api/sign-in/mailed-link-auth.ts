import { betterAuth } from 'better-auth/minimal'
import { magicLink } from 'better-auth/plugins/magic-link'
import type { ControlCtx, ControlDeps } from '../env.ts'
import { authOptions } from './auth-options.ts'
import { LINK_SECONDS } from './limits.ts'

/** better-auth for sign-in by mailed link. Imported when somebody signs in: it takes about a third of a second to load. */
export function mailedLinkAuth(
  ctx: ControlCtx,
  input: {
    readonly signIn: ControlDeps['signIn']
    readonly token?: string
    readonly send?: (mail: { readonly email: string; readonly token: string }) => Promise<void>
  },
) {
  const { token, send } = input
  return betterAuth({
    ...authOptions(ctx, input.signIn, 'link'),
    plugins: [
      magicLink({
        expiresIn: LINK_SECONDS,
        storeToken: 'hashed',
        disableSignUp: true,
        sendMagicLink: async ({ email, token }) => send?.({ email, token }),
        ...(token === undefined ? {} : { generateToken: () => token }),
      }),
    ],
  })
}
