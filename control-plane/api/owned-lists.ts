import type { Context } from 'hono'
import { listContests } from '#control-plane/core/domain/contest-row.ts'
import { listLicences } from '#control-plane/core/licence/licence-store.ts'
import type { ApiEnv } from './env.ts'
import { organizationOf } from './organization-of.ts'

type Query = { readonly limit: number; readonly after?: string | undefined; readonly licensee_id?: string | undefined }

/** One page of the licences that whoever asks may see. Throws `licensee.not_found`. */
export async function licencesFor(c: Context<ApiEnv>, query: Query): ReturnType<typeof listLicences> {
  return listLicences(c.var.ctx, await ownedQuery(c, query))
}

/** One page of the contests that whoever asks may see. Throws `licensee.not_found`. */
export async function contestsFor(c: Context<ApiEnv>, query: Query): ReturnType<typeof listContests> {
  return listContests(c.var.ctx, await ownedQuery(c, query))
}

async function ownedQuery(c: Context<ApiEnv>, { limit, after, licensee_id }: Query) {
  const organization = await organizationOf(c, licensee_id)
  return {
    limit,
    ...(organization.kind === 'licensee' ? { licenseeId: organization.licenseeId } : {}),
    ...(after === undefined ? {} : { after }),
  }
}
