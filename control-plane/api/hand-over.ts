import { commit } from '#control-plane/core/commit.ts'
import { findPerson } from '#control-plane/core/person/person-store.ts'
import type { Principal } from '#control-plane/core/person/principal.ts'
import { type Tenant, TenantFailure } from '#control-plane/core/tenant/tenant.ts'
import { getTenant } from '#control-plane/core/tenant/tenant-store.ts'
import { HAND_OVER_CONTEXT, HAND_OVER_SECONDS, HandOverPayload, HandOverToken } from '#shared/contracts/hand-over.ts'
import type { ControlCtx } from './env.ts'
import { ApiFailure } from './problem.ts'

/** States in which there is a console to come to. */
const OPEN: readonly Tenant['state'][] = [
  'live',
  'degraded',
  'updating',
  'update_failed',
  'suspending',
  'suspended',
  'resuming',
]

/** A signed way into a tenant's console for who asks, for a minute and one use. Throws `tenant.not_found`, `tenant.wrong_state`. */
export async function handOver(
  ctx: ControlCtx,
  input: { readonly principal: Principal; readonly tenantId: string },
): Promise<{ readonly tenant: Tenant; readonly token: string; readonly expiresAt: number }> {
  const { principal } = input
  const tenant = await getTenant(ctx, input.tenantId)
  const { tenantId, domainName, licenseeId } = tenant
  if (!OPEN.includes(tenant.state)) throw TenantFailure.wrong_state('This domain has no console yet, or no longer.')
  const person = principal.personId === undefined ? undefined : await findPerson(ctx, principal.personId)
  if (person === undefined) throw ApiFailure.forbidden('A key cannot sit before a console: sign in.')
  const now = ctx.clock.now()
  const payload = HandOverPayload.parse({
    format: 1,
    handOverId: ctx.ids.newToken(),
    tenantId,
    domainName,
    personId: person.personId,
    email: person.email,
    role: principal.role,
    issuedAt: now,
    expiresAt: now + HAND_OVER_SECONDS * 1000,
  })
  const text = Buffer.from(JSON.stringify(payload)).toString('base64url')
  const { kid, signature } = ctx.handOverSigner.sign(HAND_OVER_CONTEXT + text)
  await commit(ctx, {
    operations: [],
    audit: { action: 'console.entered', target: { kind: 'tenant', id: tenantId }, licenseeId, tenantId },
  })
  return { tenant, token: HandOverToken.parse(`${kid}.${text}.${signature}`), expiresAt: payload.expiresAt }
}
