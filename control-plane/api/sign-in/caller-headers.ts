import type { ControlCtx } from '../env.ts'

/** Carries to better-auth where the request came from: set by us on every call, whatever the request says. */
export const ADDRESS_HEADER = 'x-convoke-client-address'

/** Headers for a call of better-auth: of the request only what it must know. */
export function callerHeaders(ctx: ControlCtx, more: Readonly<Record<string, string>> = {}): Headers {
  const { ipAddress, userAgent } = ctx.caller ?? {}
  return new Headers({
    ...more,
    ...(ipAddress === undefined ? {} : { [ADDRESS_HEADER]: ipAddress }),
    ...(userAgent === undefined ? {} : { 'user-agent': userAgent }),
  })
}
