import type { Context } from 'hono'
import { createMiddleware } from 'hono/factory'
import { actingRole } from '#control-plane/core/control-key/acting-role.ts'
import type { ControlKey } from '#control-plane/core/control-key/control-key.ts'
import { findControlKey, noteUse } from '#control-plane/core/control-key/key-store.ts'
import { isVendorRole, organizationNamed, type Role } from '#control-plane/core/person/organization.ts'
import { type Principal, principalOf } from '#control-plane/core/person/principal.ts'
import { findSession } from '#control-plane/core/person/session-store.ts'
import { auditDenied } from './audit-denied.ts'
import { callerOf, systemCtx } from './caller.ts'
import type { ApiEnv, ControlCtx } from './env.ts'
import type { Permission } from './permissions.ts'
import { ApiFailure } from './problem.ts'
import { takeAddressRate, takeRates } from './rates/take-rates.ts'
import { sessionTokenOf } from './sign-in/cookies.ts'

/** Lets an operation in: who asks, from where, whether his role may; then binds what the operation sees to him. */
export function needs(permission: Permission, operationId: string) {
  return createMiddleware<ApiEnv>(async (c, next) => {
    const { guards, deps } = c.var
    const principal = await authenticated(c)
    await takeRates(c, principal)
    const ctx: ControlCtx = deps.ctxFor({
      actor: principal.actor,
      scope: guards.scopeOf(principal, operationId),
      caller: callerOf(c),
    })
    if (deps.signIn.vendorSignsInBy === 'passkey' && !guards.hasPasskey(principal)) {
      await auditDenied(ctx, principal, operationId)
      throw passkeyRequired(ctx)
    }
    const isWrite = c.req.method !== 'GET'
    if (isWrite && principal.session !== undefined && !isFromOwnPage(c)) {
      await auditDenied(ctx, principal, operationId)
      throw ApiFailure.forbidden('This must come from a page of ours.')
    }
    if (
      !guards.may(principal, permission, operationId) ||
      (isWrite && permission !== 'self' && !guards.mayWrite(principal))
    ) {
      await auditDenied(ctx, principal, operationId)
      throw ApiFailure.forbidden('Your role may not do this.')
    }
    c.set('principal', principal)
    c.set('ctx', ctx)
    await next()
  })
}

function passkeyRequired({ settings }: ControlCtx) {
  const { publicUrl, vendorName } = settings
  return ApiFailure.passkey_required(
    `Passkey required: who acts for ${vendorName} signs in with one, at ${publicUrl}/sign-in. Without any yet, add your first at ${publicUrl}/signed-in.`,
  )
}

async function authenticated(c: Context<ApiEnv>): Promise<Principal> {
  const principal = (await byKey(c)) ?? (await bySession(c))
  if (principal === undefined) {
    await takeAddressRate(c)
    throw ApiFailure.unauthorized(
      'Sign in, or send a valid key as "Authorization: Bearer …" or in the header x-api-key.',
    )
  }
  return principal
}

async function byKey(c: Context<ApiEnv>): Promise<Principal | undefined> {
  const bearer = /^Bearer +(\S+)$/i.exec(c.req.header('authorization') ?? '')?.[1]
  const secret = bearer ?? c.req.header('x-api-key')
  if (secret === undefined) return undefined
  const ctx = systemCtx(c)
  const key = await findControlKey(ctx, secret)
  const role = key === undefined ? undefined : await actingRole(ctx, key)
  if (key === undefined || role === undefined) {
    await takeAddressRate(c)
    throw ApiFailure.unauthorized('This key is not valid, or no longer.')
  }
  await noteUse(ctx, key)
  return principalOfKey(key, role)
}

function principalOfKey({ keyId, organizationName, mintedBy }: ControlKey, role: Role): Principal {
  const organization = organizationNamed(organizationName)
  // A key acts in its role, and its id says in the audit log that it was a key.
  return {
    actor: isVendorRole(role) ? { type: 'vendor', id: keyId, role } : { type: 'licensee', id: keyId, role },
    scope: organization.kind === 'vendor' ? { kind: 'all' } : organization,
    role,
    organization,
    isReadOnly: false,
    isOfVendor: organization.kind === 'vendor',
    ...(mintedBy === undefined ? {} : { minter: mintedBy }),
  }
}

async function bySession(c: Context<ApiEnv>): Promise<Principal | undefined> {
  const token = sessionTokenOf(c)
  if (token === undefined) return undefined
  const ctx = systemCtx(c)
  const session = await findSession(ctx, token)
  return session === undefined ? undefined : principalOf(ctx, session)
}

/** Cookies come along with whatever another site makes a browser send. */
export function isFromOwnPage(c: Context<ApiEnv>): boolean {
  return c.var.guards.isOwnOrigin({
    origin: c.req.header('origin'),
    site: c.req.header('sec-fetch-site'),
    own: new URL(systemCtx(c).settings.publicUrl).origin,
  })
}
