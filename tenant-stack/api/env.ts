import type { ApiKey } from '#tenant-stack/core/api-key/api-key.ts'
import type { Ctx } from '#tenant-stack/core/context.ts'

/** What every handler of the API finds in `c.var`. */
export type ApiEnv = { Variables: { readonly ctx: Ctx; readonly apiKey: ApiKey; readonly requestId: string } }
