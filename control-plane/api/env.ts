import type { Context } from 'hono'
import type { BillingCtx } from '#control-plane/billing/billing-context.ts'
import type { Actor, Scope } from '#control-plane/core/actor.ts'
import type { Ctx } from '#control-plane/core/context.ts'
import type { Principal } from '#control-plane/core/person/principal.ts'
import type { Tenant } from '#control-plane/core/tenant/tenant.ts'
import type { ProvisioningCtx, TextSigner } from '#control-plane/provisioning/context.ts'
import type { RateLeases } from '#shared/rates/rate-leases.ts'
import type { Guards } from './guards.ts'
import type { ApiLimits } from './rates/api-limits.ts'

/** What the wire gives the API, and all it has. */
export type ControlDeps = {
  /** A context for whoever asks: the one place where actor, scope and caller meet the ports. */
  readonly ctxFor: (who: {
    readonly actor: Actor
    readonly scope: Scope
    readonly caller: NonNullable<Ctx['caller']>
  }) => ControlCtx
  readonly signIn: {
    /** Signs cookies: at least 32 random characters, the same in every process. */
    readonly secret: string
    /** What the vendor's people must have signed in by. A mailed link is enough on a machine that nobody else reaches, and nowhere else. */
    readonly vendorSignsInBy: 'passkey' | 'passkey_or_link'
  }
  readonly newRequestId: () => string
  /** Where tenants may be, the usual place first; and whether names that public DNS lacks (`.test`, `.localhost`) are taken. */
  readonly places: { readonly regions: readonly [string, ...string[]]; readonly allowsReservedNames: boolean }
  /** Address of a tenant's console, without trailing slash. */
  readonly consoleUrlOf: (tenant: Tenant) => string
  /** Where a request came from, as the runtime knows it (never a header that anybody can set); undefined: unknown. */
  readonly ipAddressOf: (c: Context) => string | undefined
}

/** What the API's verbs may touch: billing, hand-overs, DNS look-ups, short waits; nothing of the cloud, and no key of licences or exports. */
export type ControlCtx = BillingCtx & Pick<ProvisioningCtx, 'dns' | 'pause'> & { readonly handOverSigner: TextSigner }

/** What every handler of the API finds in `c.var`. */
export type ApiEnv = {
  Variables: {
    readonly deps: ControlDeps
    readonly guards: Guards
    readonly requestId: string
    /** Names the request however often it is sent, where it bears an Idempotency-Key. */
    readonly onceKey: string | undefined
    /** How often may be asked, and what is left of it in this process. */
    readonly rates: { readonly limits: ApiLimits; readonly leases: RateLeases }
    /** Of the operation: as whoever asks. */
    readonly ctx: ControlCtx
    readonly principal: Principal
  }
}
