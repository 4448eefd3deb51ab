import type { Context } from 'hono'
import { getLicensee } from '#control-plane/core/licensee/licensee-store.ts'
import type { Organization } from '#control-plane/core/person/organization.ts'
import type { ApiEnv } from './env.ts'

/**
 * Whose people or keys an operation is about: one's own, or those of a licensee that the scope may see. Throws `licensee.not_found` for
 * every other, whether it exists or not.
 */
export async function organizationOf(c: Context<ApiEnv>, licenseeId: string | undefined): Promise<Organization> {
  if (licenseeId === undefined) return c.var.principal.organization
  return { kind: 'licensee', licenseeId: (await getLicensee(c.var.ctx, licenseeId)).licenseeId }
}
