import type { RateLeases, Taken } from '#shared/rates/rate-leases.ts'
import type { ApiKey } from '#tenant-stack/core/api-key/api-key.ts'
import type { Ctx } from '#tenant-stack/core/context.ts'

/** What every handler of the API finds in `c.var`. */
export type ApiEnv = {
  Variables: {
    readonly ctx: Ctx
    readonly apiKey: ApiKey
    readonly requestId: string
    readonly leases: RateLeases
    /** What this request has taken of its key's limit; absent: no key was known. */
    readonly taken?: Taken
  }
}
