import { isFailure } from '#shared/errors/failure.ts'
import { commit } from '../commit.ts'
import type { Ctx } from '../context.ts'
import { getLicensee } from '../licensee/licensee-store.ts'
import { findMembership } from './membership-store.ts'
import { type Organization, organizationName } from './organization.ts'
import { PersonFailure } from './person.ts'
import { type Session, SessionFailure, sessionKey } from './session.ts'

/** How long the vendor's people look through a licensee's eyes; then they must say why again. */
const IMPERSONATION_MS = 60 * 60_000

/** Chooses for whom a session acts. Throws `person.not_found` where he is no member. */
export async function actFor(
  ctx: Ctx,
  input: { readonly session: Session; readonly organization: Organization },
): Promise<void> {
  const { session, organization } = input
  const membership = await findMembership(ctx, organization, session.personId)
  if (membership?.state !== 'active') throw PersonFailure.not_found('There is no such organization.')
  await ctx.table.write({
    kind: 'update',
    key: sessionKey(session.tokenSha256),
    set: { organizationName: organizationName(organization) },
    remove: ['impersonation'],
    when: { row: 'present' },
  })
}

/** Lets one of the vendor's people see a licensee as its viewers do; the licensee reads who, when and why in its audit log. */
export async function startImpersonation(
  ctx: Ctx,
  input: {
    readonly session: Session
    readonly licenseeId: string
    readonly reason: string
    readonly ticket: string
  },
): Promise<NonNullable<Session['impersonation']>> {
  const { session, reason, ticket } = input
  const { licenseeId } = await getLicensee(ctx, input.licenseeId)
  const impersonation = { licenseeId, reason, ticket, until: ctx.clock.now() + IMPERSONATION_MS }
  await write(ctx, {
    operations: [
      {
        kind: 'update',
        key: sessionKey(session.tokenSha256),
        set: { impersonation },
        when: { row: 'present' },
      },
    ],
    audit: {
      action: 'impersonation.started',
      target: { kind: 'licensee', id: licenseeId },
      licenseeId,
      reason: `${ticket}: ${reason}`,
    },
  })
  return impersonation
}

/** Back to one's own eyes; when nobody else's are used, nothing happens. */
export async function endImpersonation(ctx: Ctx, session: Session): Promise<void> {
  if (session.impersonation === undefined) return
  const { licenseeId } = session.impersonation
  await write(ctx, {
    operations: [
      {
        kind: 'update',
        key: sessionKey(session.tokenSha256),
        remove: ['impersonation'],
        when: { row: 'present' },
      },
    ],
    audit: { action: 'impersonation.ended', target: { kind: 'licensee', id: licenseeId }, licenseeId },
  })
}

async function write(ctx: Ctx, change: Parameters<typeof commit>[1]): Promise<void> {
  try {
    await commit(ctx, change)
  } catch (error) {
    if (isFailure(error, 'table.condition_failed')) throw SessionFailure.not_found('The session has ended.')
    throw error
  }
}
