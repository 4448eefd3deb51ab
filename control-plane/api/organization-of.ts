import type { Context } from 'hono'
import { getLicensee } from '#control-plane/core/licensee/licensee-store.ts'
import type { Organization } from '#control-plane/core/person/organization.ts'
import type { ApiEnv } from './env.ts'
import { ApiFailure } from './problem.ts'

/**
 * Whose people or keys an operation is about: one's own, or those of a licensee that the scope may see. Throws `licensee.not_found` for
 * every other, whether it exists or not.
 */
export async function organizationOf(c: Context<ApiEnv>, licenseeId: string | undefined): Promise<Organization> {
  if (licenseeId === undefined) return c.var.principal.organization
  return { kind: 'licensee', licenseeId: (await getLicensee(c.var.ctx, licenseeId)).licenseeId }
}

/** The licensee that an act is for: one's own, or the one that the vendor names. Throws `api.invalid`, `licensee.not_found`. */
export async function licenseeOf(c: Context<ApiEnv>, licenseeId: string | undefined): Promise<string> {
  const organization = await organizationOf(c, licenseeId)
  if (organization.kind === 'vendor') throw ApiFailure.invalid('Say whose: licensee_id.')
  return organization.licenseeId
}
