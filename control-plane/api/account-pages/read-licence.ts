import type { Context } from 'hono'
import type * as z from 'zod'
import { contestedUntil } from '#control-plane/core/domain/contest-row.ts'
import type { Licence } from '#control-plane/core/licence/licence.ts'
import { getLicence } from '#control-plane/core/licence/licence-store.ts'
import { getLicensee } from '#control-plane/core/licensee/licensee-store.ts'
import type { Tenant } from '#control-plane/core/tenant/tenant.ts'
import { getTenant } from '#control-plane/core/tenant/tenant-store.ts'
import type { RunView as Run } from '#control-plane/provisioning/read-run.ts'
import type { DomainView, RunView } from '#shared/contracts/control-operations.ts'
import { isFailure } from '#shared/errors/failure.ts'
import type { ApiEnv, ControlCtx } from '../env.ts'
import { readCurrentRun, readDomainView } from '../read-tenant.ts'
import { runView } from '../tenant-views.ts'
import { type Acts, actsOn, mayPress } from './acts.ts'
import { moneyText } from './texts.ts'

/** All that the page of a licence shows. */
export type LicencePage = {
  readonly licence: Licence
  readonly tenantState: Tenant['state']
  /** `USD 995.00`, for a year. */
  readonly price: string
  readonly acts: Acts & { readonly portal: boolean; readonly manageDomain: boolean }
  readonly run: z.infer<typeof RunView> | undefined
  /** A step is being done or looked at just now, whoever has to act otherwise. */
  readonly isAtWork: boolean
  readonly domain: z.infer<typeof DomainView> | undefined
  /** Epoch milliseconds. */
  readonly contestedUntil: number | undefined
}

/** A licence, its tenant and what is done with it, as whoever asks may see them. Throws `licence.not_found`. */
export async function readLicencePage(c: Context<ApiEnv>, licenceId: string): Promise<LicencePage> {
  const { ctx } = c.var
  const licence = await getLicence(ctx, licenceId)
  const { tenantId, licenseeId, stripe } = licence
  const [tenant, licensee, run, domain] = await Promise.all([
    getTenant(ctx, tenantId),
    getLicensee(ctx, licenseeId),
    readCurrentRun(ctx, tenantId),
    domainOf(ctx, tenantId),
  ])
  const { priceCents, currency } = ctx.licenceSettings
  return {
    licence,
    tenantState: tenant.state,
    price: moneyText(stripe?.unitAmountCents ?? priceCents, stripe?.currency ?? currency),
    acts: {
      ...actsOn(c, licence),
      portal: mayPress(c, 'billing:pay', 'openPortal') && licensee.stripeCustomerId !== undefined,
      manageDomain: mayPress(c, 'domains:manage', 'checkNow'),
    },
    // The licensee's words for everybody: what the vendor reads may name resources of an account.
    run: run === undefined ? undefined : runView(run, false),
    isAtWork: run !== undefined && isAtWork(run, ctx.clock.now()),
    domain,
    contestedUntil: await contestedUntil(ctx, tenant),
  }
}

function isAtWork({ steps }: Run, now: number): boolean {
  return steps.some(({ status, nextAt }) => status === 'leased' || (status === 'waiting' && (nextAt ?? now + 1) <= now))
}

async function domainOf(ctx: ControlCtx, tenantId: string): Promise<LicencePage['domain']> {
  try {
    return await readDomainView(ctx, tenantId)
  } catch (error) {
    if (isFailure(error, 'domain.not_found')) return undefined
    throw error
  }
}
