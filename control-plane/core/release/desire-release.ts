import type { Ctx } from '../context.ts'
import { changeTenant } from '../tenant/change-tenant.ts'
import type { Tenant } from '../tenant/tenant.ts'
import { compareVersions, getRelease, listReleases, type Release, ReleaseFailure } from './release.ts'
import { LAST_RING } from './rings.ts'

/** The newest release that every ring has: what a new tenant is stamped from. Undefined before the first release. */
export async function currentRelease(ctx: Ctx): Promise<Release | undefined> {
  return (await listReleases(ctx)).find((release) => !release.isWithdrawn && release.ring === LAST_RING)
}

/** True when the template runs beside this version of a cell's or account's baseline. */
export function standsBeside(release: Release, cellVersion: string): boolean {
  const { cellVersionMin, cellVersionMax } = release.manifest
  return compareVersions(cellVersion, cellVersionMin) >= 0 && compareVersions(cellVersion, cellVersionMax) <= 0
}

/** Where a tenant's stack should stand: nothing to do, an update, or not now because it is pinned. */
export function decideUpdate(
  tenant: Pick<Tenant, 'templateVersion' | 'desiredVersion' | 'pinnedUntil'>,
  now: number,
):
  | { readonly kind: 'none' | 'pinned' }
  | { readonly kind: 'update'; readonly isRollback: boolean; readonly to: string } {
  const { templateVersion, desiredVersion, pinnedUntil } = tenant
  if (templateVersion === undefined || desiredVersion === undefined || templateVersion === desiredVersion)
    return { kind: 'none' }
  if (pinnedUntil !== undefined && pinnedUntil > now) return { kind: 'pinned' }
  return { kind: 'update', isRollback: compareVersions(desiredVersion, templateVersion) < 0, to: desiredVersion }
}

/** Says which release a tenant shall stand on; an older one is the way back. Throws `release.withdrawn`, `release.not_found`. */
export async function desireRelease(
  ctx: Ctx,
  input: { readonly tenantId: string; readonly releaseVersion: string; readonly reason?: string },
): Promise<Tenant> {
  const release = await getRelease(ctx, input.releaseVersion)
  if (release.isWithdrawn) throw ReleaseFailure.withdrawn(`Release ${input.releaseVersion} was withdrawn.`)
  return changeTenant(ctx, input, 'tenant.release_desired', (tenant) => ({
    ...tenant,
    desiredVersion: input.releaseVersion,
  }))
}

/** Keeps a tenant on its release until then (epoch milliseconds); a time that has passed lets it go. */
export async function pinTenant(
  ctx: Ctx,
  input: { readonly tenantId: string; readonly pinnedUntil: number; readonly reason?: string },
): Promise<Tenant> {
  return changeTenant(ctx, input, 'tenant.pinned', (tenant) => ({ ...tenant, pinnedUntil: input.pinnedUntil }))
}
