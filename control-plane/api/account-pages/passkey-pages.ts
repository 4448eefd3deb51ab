import { type Context, Hono } from 'hono'
import { removePasskey, renamePasskey } from '#control-plane/core/person/change-passkeys.ts'
import { PasskeyFailure } from '#control-plane/core/person/passkey.ts'
import { listPasskeys } from '#control-plane/core/person/passkey-store.ts'
import { isFresh } from '#control-plane/core/person/session.ts'
import { PasskeyChangeBody } from '#shared/contracts/control-api.ts'
import { needs } from '../authenticate.ts'
import type { ApiEnv } from '../env.ts'
import { freshPerson } from '../fresh-person.ts'
import { formOf } from '../sign-in/body-of.ts'
import { passkeyView } from '../views.ts'
import { accountPage } from './account-page.ts'
import { failedPage } from './failed-page.ts'
import { passkeyList } from './passkey-list.ts'

/** One's own passkeys, for people. */
export const passkeyPages = new Hono<ApiEnv>()
  .onError(failedPage)
  .get('/passkeys', needs('read', 'listPasskeys'), async (c) => {
    const { ctx, principal } = c.var
    const { personId, session } = principal
    const all = personId === undefined ? [] : await listPasskeys(ctx, personId)
    const fresh = session !== undefined && isFresh(ctx, session)
    return accountPage(c, {
      title: 'Your passkeys',
      part: '/passkeys',
      hasPasskeyScript: true,
      body: passkeyList(all.map(passkeyView), { isFresh: fresh, add: fresh }),
    })
  })
  .post('/passkeys/:passkeyId/rename', needs('self', 'renamePasskey'), async (c) => {
    const { name } = await formOf(c, PasskeyChangeBody)
    await renamePasskey(c.var.ctx, { personId: freshPerson(c), passkeyId: idOf(c), name })
    return c.redirect('/passkeys', 303)
  })
  .post('/passkeys/:passkeyId/remove', needs('self', 'removePasskey'), async (c) => {
    await removePasskey(c.var.ctx, { personId: freshPerson(c), passkeyId: idOf(c) })
    return c.redirect('/passkeys', 303)
  })

function idOf(c: Context<ApiEnv>): string {
  const passkeyId = c.req.param('passkeyId')
  if (passkeyId === undefined) throw PasskeyFailure.not_found('There is no such passkey.')
  return passkeyId
}
