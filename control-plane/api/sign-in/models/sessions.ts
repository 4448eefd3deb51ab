import * as z from 'zod'
import { commit } from '#control-plane/core/commit.ts'
import { membershipsOf } from '#control-plane/core/person/membership-store.ts'
import { organizationNamed } from '#control-plane/core/person/organization.ts'
import { endSessionWrites, newSessionWrites, type Session, sessionIdOf } from '#control-plane/core/person/session.ts'
import { findSession } from '#control-plane/core/person/session-store.ts'
import type { ControlCtx } from '../../env.ts'
import { type AuthModel, type AuthRow, toOurTime, toProcessTime } from './model.ts'

const NewSession = z.object({
  token: z.string().min(32),
  userId: z.string(),
  expiresAt: z.date(),
  ipAddress: z.string().nullish(),
  userAgent: z.string().nullish(),
})

/** The token is hashed here and handed back as it came: the cookie has it, the table never. `signedInBy`: the way in that makes them. */
export const sessionsBy = (signedInBy: NonNullable<Session['signedInBy']>): AuthModel => ({
  find(ctx, field, value) {
    return field === 'token' ? found(ctx, value) : undefined
  },

  async create(ctx, row) {
    const { token, userId, expiresAt, ipAddress, userAgent } = NewSession.parse(row)
    const tokenSha256 = ctx.sha256(token)
    const organizationName = await firstOrganization(ctx, userId)
    const session: Session = {
      sessionId: sessionIdOf(ctx, tokenSha256),
      tokenSha256,
      personId: userId,
      createdAt: ctx.clock.now(),
      endsAt: toOurTime(ctx, expiresAt),
      signedInBy,
      ...(ipAddress ? { ipAddress } : {}),
      ...(userAgent ? { userAgent: userAgent.slice(0, 200) } : {}),
      ...(organizationName === undefined ? {} : { organizationName }),
    }
    const organization = organizationNamed(organizationName ?? 'vendor')
    await commit(ctx, {
      operations: newSessionWrites(session),
      audit: {
        action: 'session.started',
        target: { kind: 'person', id: userId },
        ...(organization.kind === 'licensee' ? { licenseeId: organization.licenseeId } : {}),
      },
    })
    return rowOf(ctx, token, session)
  },

  async remove(ctx, { token }) {
    const session = typeof token === 'string' ? await findSession(ctx, token) : undefined
    if (session === undefined) return false
    await commit(ctx, {
      operations: endSessionWrites(session),
      audit: { action: 'session.ended', target: { kind: 'session', id: session.sessionId } },
    })
    return true
  },
})

async function found(ctx: ControlCtx, token: string): Promise<readonly AuthRow[]> {
  const session = await findSession(ctx, token)
  return session === undefined ? [] : [rowOf(ctx, token, session)]
}

async function firstOrganization(ctx: ControlCtx, personId: string): Promise<string | undefined> {
  return (await membershipsOf(ctx, personId)).find(({ state }) => state === 'active')?.organizationName
}

function rowOf(ctx: ControlCtx, token: string, session: Session): AuthRow {
  return {
    id: session.sessionId,
    token,
    userId: session.personId,
    expiresAt: toProcessTime(ctx, session.endsAt),
    createdAt: toProcessTime(ctx, session.createdAt),
    updatedAt: toProcessTime(ctx, session.createdAt),
    ipAddress: session.ipAddress ?? '',
    userAgent: session.userAgent ?? '',
  }
}
