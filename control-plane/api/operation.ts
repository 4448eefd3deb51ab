import { needs } from './authenticate.ts'
import { idempotent } from './idempotent.ts'
import { type Permission, rolesOf } from './permissions.ts'

type Middleware = ReturnType<typeof needs>

/** Both ways in. */
const security: Record<string, string[]>[] = [{ key: [] }, { session: [] }]

/** What every operation that only reads is made of. */
export function reads<const Id extends string>(operationId: Id, permission: Permission) {
  const middleware: [Middleware] = [needs(permission, operationId)]
  return { operationId, description: `Roles: ${rolesOf(permission)}.`, security, middleware }
}

/** What every POST is made of: it may be sent again under its `Idempotency-Key`. */
export function posts<const Id extends string>(operationId: Id, permission: Permission) {
  const middleware: [Middleware, Middleware] = [needs(permission, operationId), idempotent]
  return { operationId, description: `Roles: ${rolesOf(permission)}.`, security, middleware }
}
