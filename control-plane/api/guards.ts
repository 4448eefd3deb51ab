import type { Scope } from '#control-plane/core/actor.ts'
import type { Principal } from '#control-plane/core/person/principal.ts'
import { mayDo, type Permission } from './permissions.ts'

/**
 * What stands between a request and a verb, as data: the isolation bench takes out one at a time and expects its requests to find the
 * hole. Production has no other than `guards`.
 */
export type Guards = {
  /** Whether the role may do what the operation is. */
  readonly may: (principal: Principal, permission: Permission, operationId: string) => boolean
  /** What the operation sees. */
  readonly scopeOf: (principal: Principal, operationId: string) => Scope
  /** Whether the principal may change anything at all. */
  readonly mayWrite: (principal: Principal) => boolean
  /** Whether a change that comes with a cookie comes from a page of ours. */
  readonly isOwnOrigin: (request: RequestOrigin) => boolean
  /** Whether whoever is of the vendor has shown a passkey in this session. */
  readonly hasPasskey: (principal: Principal) => boolean
}

type RequestOrigin = { readonly origin: string | undefined; readonly site: string | undefined; readonly own: string }

export const guards: Guards = {
  may: ({ role }, permission) => mayDo(role, permission),
  scopeOf: ({ scope }) => scope,
  mayWrite: ({ isReadOnly }) => !isReadOnly,
  // Browsers send Origin with every POST, PUT, PATCH and DELETE (Fetch standard, §3.1); what has neither header is no browser and no cookie's owner.
  isOwnOrigin: ({ origin, site, own }) => (origin === undefined ? site === 'same-origin' : origin === own),
  hasPasskey: ({ session, isOfVendor }) => session === undefined || !isOfVendor || session.signedInBy === 'passkey',
}
