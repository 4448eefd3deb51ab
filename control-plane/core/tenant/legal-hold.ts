import type { Ctx } from '../context.ts'
import { changeTenant } from './change-tenant.ts'
import type { Tenant } from './tenant.ts'
import { getTenant } from './tenant-store.ts'

type Input = { readonly tenantId: string; readonly reason: string }

/**
 * Keeps a tenant's data whatever becomes of the tenant, because a court or an authority wants it kept: the end of its time of keeping passes
 * it by. What runs is not touched. The vendor's act, with a reason; again changes nothing.
 */
export async function holdLegally(ctx: Ctx, input: Input): Promise<Tenant> {
  const tenant = await getTenant(ctx, input.tenantId)
  if (tenant.isLegalHeld === true) return tenant
  return changeTenant(ctx, input, 'tenant.legally_held', (before) => ({ ...before, isLegalHeld: true }))
}

/** Ends a legal hold: data whose time is over goes at the next daily look. */
export async function liftLegalHold(ctx: Ctx, input: Input): Promise<Tenant> {
  const tenant = await getTenant(ctx, input.tenantId)
  if (tenant.isLegalHeld !== true) return tenant
  return changeTenant(ctx, input, 'tenant.legal_hold_lifted', (before) => ({ ...before, isLegalHeld: false }))
}
