import type { ApiScope } from '#shared/contracts/api.ts'
import { assertOwn } from '#tenant-stack/core/access/assert-own.ts'
import type { Principal } from '#tenant-stack/core/access/principal.ts'
import { isOwnOrigin } from './sign-in/same-origin.ts'

/** All that keeps somebody from what is not his; one object, so that a bench can take each out and see that it is missed. */
export type Guards = {
  /** The first scope that he lacks. */
  readonly lacking: (principal: Principal, scopes: readonly ApiScope[]) => ApiScope | undefined
  /** The organizer whose things alone he may see. */
  readonly ownOf: (principal: Principal) => string | undefined
  /** Throws for what is somebody else's as for what does not exist. */
  readonly assertOwn: typeof assertOwn
  readonly isOwnOrigin: typeof isOwnOrigin
}

export const guards: Guards = {
  lacking: ({ scopes: held }, scopes) => scopes.find((scope) => !held.includes(scope)),
  ownOf: ({ organizer }) => organizer,
  assertOwn,
  isOwnOrigin,
}
