import * as z from 'zod'
import { isFailure } from '#shared/errors/failure.ts'
import { clip } from '../clip.ts'
import type { Ctx } from '../context.ts'
import { findOrganizer } from '../organizer/organizer.ts'
import { sortableTime } from '../unfinished.ts'
import { SESSION_SECONDS, type Session, SessionFailure, sessionKey, sessionsOf } from './session.ts'

/** Long enough for slow mail, short enough for a mailbox that somebody else reads later. */
export const LINK_SECONDS = 600

/** A link that was mailed; only its hash is kept. */
const SignInLink = z.object({
  address: z.string(),
  /** Epoch milliseconds. */
  validUntil: z.number(),
  usedAt: z.number().optional(),
})
export type SignInLink = z.infer<typeof SignInLink>

const TOKEN = /^[0-9a-z]{26}$/
const USER_AGENT_CHARS_MAX = 200

function linkKey(ctx: Ctx, token: string) {
  return { pk: `signin#${ctx.sha256(token)}`, sk: 'signin' }
}

/** Where the console is (`app.`), without trailing slash. */
export function appUrlOf({ pagesUrl }: Pick<Ctx['settings'], 'pagesUrl'>): string {
  return pagesUrl.replace(/^(https?:\/\/)go\./, '$1app.')
}

/** Mints a link to sign in by and stores its hash before anybody is mailed it. */
export async function issueSignInLink(ctx: Ctx, address: string): Promise<string> {
  const token = ctx.ids.newToken()
  const validUntil = ctx.clock.now() + LINK_SECONDS * 1000
  await ctx.table.write({
    kind: 'put',
    item: { ...linkKey(ctx, token), address, validUntil, expiresAt: Math.ceil(validUntil / 1000) + 86_400 },
    when: { row: 'absent' },
  })
  return `${appUrlOf(ctx.settings)}/sign-in/${token}`
}

/** The link of a token while it can be used; undefined for one that is of nobody, used, too old, or from before he was signed out. */
export async function findSignInLink(ctx: Ctx, token: string): Promise<SignInLink | undefined> {
  if (!TOKEN.test(token)) return undefined
  const row = await ctx.table.get(linkKey(ctx, token))
  const link = row === undefined ? undefined : SignInLink.parse(row)
  if (link === undefined || link.usedAt !== undefined || ctx.clock.now() >= link.validUntil) return undefined
  const { signedOutAt = 0 } = (await findOrganizer(ctx, link.address)) ?? {}
  return link.validUntil - LINK_SECONDS * 1000 < signedOutAt ? undefined : link
}

/** Signs somebody in by a link, once; answers what the cookie is to hold. Throws `session.bad_link`. */
export async function redeemSignInLink(
  ctx: Ctx,
  input: { readonly token: string; readonly userAgent: string },
): Promise<{ readonly sessionToken: string; readonly session: Session }> {
  const link = await findSignInLink(ctx, input.token)
  if (link === undefined) throw badLink()
  const sessionToken = ctx.ids.newToken()
  const now = ctx.clock.now()
  const session: Session = {
    sessionId: ctx.ids.newId('ses'),
    address: link.address,
    createdAt: now,
    lastUsedAt: now,
    userAgent: clip(input.userAgent, USER_AGENT_CHARS_MAX),
  }
  try {
    await ctx.table.transact([
      {
        kind: 'update',
        key: linkKey(ctx, input.token),
        set: { usedAt: now },
        when: { allOf: [{ row: 'present' }, { attribute: 'usedAt', is: 'absent' }] },
      },
      {
        kind: 'put',
        item: {
          ...sessionKey(ctx, sessionToken),
          ...session,
          gsi2pk: sessionsOf(ctx, link.address),
          gsi2sk: sortableTime(now),
          expiresAt: Math.ceil(now / 1000) + SESSION_SECONDS,
        },
        when: { row: 'absent' },
      },
    ])
  } catch (error) {
    if (isFailure(error, 'table.condition_failed')) throw badLink()
    throw error
  }
  return { sessionToken, session }
}

function badLink() {
  return SessionFailure.bad_link('This link was used, or is older than ten minutes. Ask for a new one.')
}
