import { passkey } from '@better-auth/passkey'
import { APIError } from 'better-auth/api'
import { betterAuth } from 'better-auth/minimal'
import type { ControlCtx, ControlDeps } from '../env.ts'
import { authOptions } from './auth-options.ts'

/** better-auth for passkeys. Imported when one is used: its verifier takes most of a second to load. */
export function passkeyAuth(ctx: ControlCtx, signIn: ControlDeps['signIn']) {
  const { publicUrl, vendorName } = ctx.settings
  const { hostname, origin } = new URL(publicUrl)
  return betterAuth({
    ...authOptions(ctx, signIn, 'passkey'),
    plugins: [
      passkey({
        rpID: hostname,
        rpName: vendorName,
        origin,
        authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
        authentication: {
          // A device that only lies on the desk is not a person (WebAuthn Level 2, §6.1: the flag UV).
          afterVerification({ verification }) {
            if (!verification.authenticationInfo.userVerified) throw new APIError('UNAUTHORIZED')
          },
        },
        advanced: { webAuthnChallengeCookie: 'passkey' },
      }),
    ],
  })
}
