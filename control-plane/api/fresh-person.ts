import type { Context } from 'hono'
import { PasskeyFailure } from '#control-plane/core/person/passkey.ts'
import { isFresh, SessionFailure } from '#control-plane/core/person/session.ts'
import type { ApiEnv } from './env.ts'
import { signInPath } from './sign-in/own-path.ts'

/** The person who asks, if he has just signed in: a stranger at an open session must not lock him out. Throws `session.not_fresh`. */
export function freshPerson(c: Context<ApiEnv>): string {
  const { ctx, principal } = c.var
  const { personId, session } = principal
  if (personId === undefined || session === undefined) throw PasskeyFailure.not_found('There is no such passkey.')
  if (!isFresh(ctx, session))
    throw SessionFailure.not_fresh(
      `Show again that it is you: sign in at ${ctx.settings.publicUrl}${signInPath('/passkeys')}, and do it within ten minutes.`,
    )
  return personId
}
