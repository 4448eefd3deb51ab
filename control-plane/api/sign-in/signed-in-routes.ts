import { type Context, Hono } from 'hono'
import { deleteCookie } from 'hono/cookie'
import * as z from 'zod'
import type { Actor } from '#control-plane/core/actor.ts'
import { getLicensee } from '#control-plane/core/licensee/licensee-store.ts'
import { actFor, endImpersonation } from '#control-plane/core/person/act-for.ts'
import { acceptInvitation } from '#control-plane/core/person/change-membership.ts'
import type { Membership } from '#control-plane/core/person/membership.ts'
import { findMembership, membershipsOf } from '#control-plane/core/person/membership-store.ts'
import { isVendorRole, type Organization, organizationNamed } from '#control-plane/core/person/organization.ts'
import { listPasskeys } from '#control-plane/core/person/passkey-store.ts'
import { findPerson } from '#control-plane/core/person/person-store.ts'
import { principalOf } from '#control-plane/core/person/principal.ts'
import type { Session } from '#control-plane/core/person/session.ts'
import { endSession, findSession } from '#control-plane/core/person/session-store.ts'
import { Failure } from '#shared/errors/failure.ts'
import { callerOf, systemCtx } from '../caller.ts'
import type { ApiEnv, ControlCtx } from '../env.ts'
import { formOf } from './body-of.ts'
import { cookieName, sessionTokenOf } from './cookies.ts'
import { page } from './pages/page.ts'
import { failedPage, type SignedIn, signedInPage } from './pages/signed-in-page.ts'
import { fromOwnPage } from './routes.ts'

const Chosen = z.object({ organization: z.string().max(100) })

/** What a person sees and does about himself; works without scripts. */
export const signedInRoutes = new Hono<ApiEnv>()
  .use('/signed-in/*', fromOwnPage)
  .use('/sign-out', fromOwnPage)
  .get('/signed-in', async (c) => {
    const session = await sessionOf(c)
    if (session === undefined) return c.redirect('/sign-in', 303)
    return page(c, { title: 'Signed in', body: signedInPage(await viewOf(c, session)) })
  })
  .post('/signed-in/accept', (c) =>
    act(c, async (ctx, session, organization) => {
      await acceptInvitation(ctx, { organization, personId: session.personId })
      await actFor(ctx, { session, organization })
    }),
  )
  .post('/signed-in/act-for', (c) => act(c, (ctx, session, organization) => actFor(ctx, { session, organization })))
  .post('/signed-in/look-away', async (c) => {
    const session = await sessionOf(c)
    if (session !== undefined) await endImpersonation(await asPerson(c, session, { kind: 'vendor' }), session)
    return c.redirect('/signed-in', 303)
  })
  .post('/sign-out', async (c) => {
    const session = await sessionOf(c)
    if (session !== undefined)
      await endSession(await asPerson(c, session, organizationNamed(session.organizationName ?? 'vendor')), session)
    deleteCookie(c, cookieName(systemCtx(c).settings.publicUrl, 'session'), {
      path: '/',
      secure: systemCtx(c).settings.publicUrl.startsWith('https:'),
    })
    return c.redirect('/sign-in', 303)
  })

async function act(
  c: Context<ApiEnv>,
  verb: (ctx: ControlCtx, session: Session, organization: Organization) => Promise<void>,
): Promise<Response> {
  const session = await sessionOf(c)
  if (session === undefined) return c.redirect('/sign-in', 303)
  const organization = organizationNamed((await formOf(c, Chosen)).organization)
  try {
    await verb(await asPerson(c, session, organization), session, organization)
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    return page(c, { title: 'That did not work', body: failedPage(error.message), status: 409 })
  }
  return c.redirect('/signed-in', 303)
}

async function sessionOf(c: Context<ApiEnv>): Promise<Session | undefined> {
  const token = sessionTokenOf(c)
  return token === undefined ? undefined : findSession(systemCtx(c), token)
}

/** What a person does about himself is in the audit log as his own, in the role that he has or is offered there. */
async function asPerson(c: Context<ApiEnv>, session: Session, organization: Organization): Promise<ControlCtx> {
  const { personId } = session
  const role = (await findMembership(systemCtx(c), organization, personId))?.role
  if (role === undefined) return systemCtx(c)
  const actor: Actor = isVendorRole(role)
    ? { type: 'vendor', id: personId, role }
    : { type: 'licensee', id: personId, role }
  return c.var.deps.ctxFor({ actor, scope: { kind: 'all' }, caller: callerOf(c) })
}

async function viewOf(c: Context<ApiEnv>, session: Session): Promise<SignedIn> {
  const ctx = systemCtx(c)
  const { impersonation, personId } = session
  const [person, memberships] = await Promise.all([findPerson(ctx, personId), membershipsOf(ctx, personId)])
  const isLooking = impersonation !== undefined && impersonation.until > ctx.clock.now()
  return {
    email: person?.email ?? '',
    passkey: await passkeyOf(c, session),
    organizations: await Promise.all(memberships.map((membership) => organizationOf(ctx, session, membership))),
    ...(isLooking ? { lookingAt: (await getLicensee(ctx, impersonation.licenseeId)).name } : {}),
  }
}

/** The same question as the API's guard asks, for the present choice of whom he acts for. */
async function passkeyOf(c: Context<ApiEnv>, session: Session): Promise<SignedIn['passkey']> {
  const ctx = systemCtx(c)
  const principal = await principalOf(ctx, session)
  const isEnough = c.var.deps.signIn.vendorSignsInBy !== 'passkey'
  if (principal === undefined || isEnough || c.var.guards.hasPasskey(principal)) return 'may_add'
  return (await listPasskeys(ctx, session.personId)).length === 0 ? 'first' : 'use'
}

async function organizationOf(ctx: ControlCtx, session: Session, membership: Membership) {
  const { organizationName: name, role, state } = membership
  const organization = organizationNamed(name)
  const title =
    organization.kind === 'vendor' ? ctx.settings.vendorName : (await getLicensee(ctx, organization.licenseeId)).name
  return { name, title, role: role.replace('_', ' '), state, isCurrent: name === session.organizationName }
}
