import type { RateLeases, Taken } from '#shared/rates/rate-leases.ts'
import type { Principal } from '#tenant-stack/core/access/principal.ts'
import type { Ctx } from '#tenant-stack/core/context.ts'
import type { Guards } from './guards.ts'

/** What every handler of the API finds in `c.var`. */
export type ApiEnv = {
  Variables: {
    readonly ctx: Ctx
    readonly principal: Principal
    readonly guards: Guards
    /** Whether the host that serves this takes the cookie of a session; where it does not, keys alone let in. */
    readonly takesSessions: boolean
    readonly requestId: string
    readonly leases: RateLeases
    /** What this request has taken of its key's limit; absent: no key was known. */
    readonly taken?: Taken
  }
}
