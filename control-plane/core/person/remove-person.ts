import type { WriteOperation } from '#shared/platform/table.ts'
import type { AuditEntry } from '../audit/audit.ts'
import { commit } from '../commit.ts'
import type { Ctx } from '../context.ts'
import { keysMintedBy } from '../control-key/key-store.ts'
import { revocationOf } from '../control-key/mint-key.ts'
import { writeMembership } from './change-membership.ts'
import { getMembership } from './membership-store.ts'
import { type Organization, organizationName } from './organization.ts'
import { endSessionWrites } from './session.ts'
import { listSessions } from './session-store.ts'

export type Removal = { readonly revokedKeyIds: readonly string[]; readonly endedSessions: number }

type Ending = { readonly operations: readonly WriteOperation[]; readonly audit: AuditEntry }

/** Endings in the removal's own transaction: at four rows each and the membership's own, below the 100 of one transaction. */
const ENDINGS_AT_ONCE = 22

/**
 * Takes somebody out, or an invitation back; what he sees ends at once, and so do the keys that he minted here and the sessions in which he
 * acts for it. Whatever is left when we die in between is dead all the same: it asks for the membership. Throws `person.last_owner`.
 */
export async function removePerson(
  ctx: Ctx,
  input: { readonly organization: Organization; readonly personId: string },
): Promise<Removal> {
  const { organization, personId } = input
  const before = await getMembership(ctx, organization, personId)
  const name = organizationName(organization)
  const keys = await keysMintedBy(ctx, { personId, organizationName: name })
  const sessions = (await listSessions(ctx, personId)).filter((session) => session.organizationName === name)
  const reason = 'whoever had it was taken out'
  const licensee = organization.kind === 'licensee' ? { licenseeId: organization.licenseeId } : {}
  const endings: readonly Ending[] = [
    ...keys.map((key) => revocationOf(ctx, key, reason)),
    ...sessions.map((session) => ({
      operations: endSessionWrites(session),
      audit: { action: 'session.ended', target: { kind: 'session', id: session.sessionId }, ...licensee, reason },
    })),
  ]
  const first = endings.slice(0, ENDINGS_AT_ONCE)
  await writeMembership(ctx, input, {
    action: 'person.removed',
    before,
    with: { operations: first.flatMap(({ operations }) => operations), audit: first.map(({ audit }) => audit) },
  })
  for (const ending of endings.slice(ENDINGS_AT_ONCE)) await commit(ctx, ending)
  return { revokedKeyIds: keys.map(({ keyId }) => keyId), endedSessions: sessions.length }
}
