import type { BetterAuthOptions } from 'better-auth'
import { createAdapterFactory } from 'better-auth/adapters'
import { SESSION_SECONDS } from '#control-plane/core/person/session.ts'
import type { ControlCtx, ControlDeps } from '../env.ts'
import { ADDRESS_HEADER } from './caller-headers.ts'
import { cookieName } from './cookies.ts'
import { tableAdapter } from './table-adapter.ts'

/** How better-auth is used: storage in our table, cookies of our names, limits and origin checks before it, nothing to the outside. */
export function authOptions(ctx: ControlCtx, { secret }: ControlDeps['signIn'], wayIn: 'link' | 'passkey') {
  const { publicUrl } = ctx.settings
  const isSecure = publicUrl.startsWith('https:')
  const attributes = { secure: isSecure, httpOnly: true, sameSite: 'lax', path: '/' } as const
  return {
    appName: ctx.settings.vendorName,
    baseURL: publicUrl,
    basePath: '/sign-in/api',
    secret,
    database: createAdapterFactory({
      config: { adapterId: 'convoke-table', supportsDates: true, supportsBooleans: true, supportsJSON: false },
      adapter: () => tableAdapter(ctx, wayIn),
    }),
    session: { expiresIn: SESSION_SECONDS, disableSessionRefresh: true, freshAge: 3600 },
    verification: { disableCleanup: true },
    telemetry: { enabled: false },
    rateLimit: { enabled: false },
    trustedOrigins: [new URL(publicUrl).origin],
    // Its messages may quote what it was given; what matters is thrown.
    logger: { disabled: true },
    advanced: {
      // Its own prefix would be `__Secure-`; ours is stricter.
      useSecureCookies: false,
      defaultCookieAttributes: attributes,
      cookies: {
        session_token: { name: cookieName(publicUrl, 'session'), attributes },
        passkey: { name: cookieName(publicUrl, 'passkey'), attributes: { ...attributes, sameSite: 'strict' } },
      },
      ipAddress: { ipAddressHeaders: [ADDRESS_HEADER] },
    },
  } as const satisfies BetterAuthOptions
}
