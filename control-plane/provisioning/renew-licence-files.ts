import type { Ctx } from '#control-plane/core/context.ts'
import type { Tenant } from '#control-plane/core/tenant/tenant.ts'
import { listTenants } from '#control-plane/core/tenant/tenant-store.ts'

const TENANTS_A_PAGE = 200

/** States in which there is no stack that reads a licence file. */
const WITHOUT_FILE: readonly Tenant['state'][] = ['registered', 'paid', 'placing', 'retained', 'deleted']

/** Daily: has the licence file of every tenant written anew, so that its stack knows we are alive. Answers how many were told. */
export async function renewLicenceFiles(ctx: Ctx): Promise<number> {
  let told = 0
  let after: string | undefined
  do {
    const page = await listTenants(ctx, { limit: TENANTS_A_PAGE, ...(after === undefined ? {} : { after }) })
    for (const { licenceId, state } of page.tenants) {
      if (WITHOUT_FILE.includes(state)) continue
      await ctx.queues.send('licence-changed', JSON.stringify({ licenceId }))
      told += 1
    }
    after = page.next
  } while (after !== undefined)
  return told
}
