import { isFailure } from '#shared/errors/failure.ts'
import type { WriteOperation } from '#shared/platform/table.ts'
import { commit } from '../commit.ts'
import type { Ctx } from '../context.ts'
import { planControlMails } from '../control-mail/plan-control-mail.ts'
import { findMembership } from './membership-store.ts'
import { type Passkey, PasskeyFailure, passkeyKey, passkeyNameOf, passkeyPointerKey } from './passkey.ts'
import { passkeyMail } from './passkey-mails.ts'
import { listPasskeys } from './passkey-store.ts'
import { PersonFailure } from './person.ts'
import { endSessionWrites } from './session.ts'
import { listSessions } from './session-store.ts'

type One = { readonly personId: string; readonly passkeyId: string }

/** Sessions that end in the reset's own transaction, below its 100 rows beside 20 passkeys. */
const SESSIONS_AT_ONCE = 20

/** Gives one of a person's own passkeys another name. Throws `passkey.not_found`. */
export async function renamePasskey(ctx: Ctx, input: One & { readonly name: string }): Promise<Passkey> {
  const { personId, passkeyId, name } = input
  const { passkey } = await getOwn(ctx, input)
  if (passkeyNameOf(passkey) === name) return passkey
  await write(ctx, {
    operations: [{ kind: 'update', key: passkeyKey(passkeyId), set: { name }, when: { row: 'present' } }],
    audit: {
      action: 'passkey.renamed',
      target: { kind: 'person', id: personId },
      before: passkeyNameOf(passkey),
      after: name,
    },
  })
  return { ...passkey, name }
}

/** Removes one of a person's own passkeys; he is told by mail. Throws `passkey.not_found`, `passkey.last_one`. */
export async function removePasskey(ctx: Ctx, input: One): Promise<void> {
  const { personId, passkeyId } = input
  const { passkey, others } = await getOwn(ctx, input)
  const [other] = others
  const isOfVendor = (await findMembership(ctx, { kind: 'vendor' }, personId)) !== undefined
  if (isOfVendor && other === undefined)
    throw PasskeyFailure.last_one('This is your last passkey, and you do not sign in without one: add another first.')
  const mails = await planControlMails(
    ctx,
    await passkeyMail(ctx, { personId, mailKey: `passkey-removed:${passkeyId}`, what: 'removed', passkeys: [passkey] }),
  )
  await write(ctx, {
    operations: [
      ...removalWrites(passkey),
      // Of two that are removed at once the other stays.
      ...(isOfVendor && other !== undefined
        ? [{ kind: 'check' as const, key: passkeyPointerKey(personId, other.id), when: { row: 'present' as const } }]
        : []),
      ...mails.operations,
    ],
    notices: mails.notices,
    audit: {
      action: 'passkey.removed',
      target: { kind: 'person', id: personId },
      reason: passkeyNameOf(passkey),
    },
  })
}

/**
 * For one of the vendor's people who lost his: all his passkeys and sessions end, and a mailed link lets him add a first one again. Another of
 * the vendor's admins does it, or whoever holds the vendor's key. Throws `person.not_found`, `passkey.own_reset`.
 */
export async function resetPasskeys(
  ctx: Ctx,
  input: { readonly personId: string; readonly reason: string },
): Promise<void> {
  const { personId, reason } = input
  if (ctx.actor.id === personId) throw PasskeyFailure.own_reset('Another admin must reset your passkeys.')
  if ((await findMembership(ctx, { kind: 'vendor' }, personId)) === undefined)
    throw PersonFailure.not_found('There is no such person among the vendor’s.')
  const [passkeys, sessions] = await Promise.all([listPasskeys(ctx, personId), listSessions(ctx, personId)])
  const mails = await planControlMails(
    ctx,
    await passkeyMail(ctx, { personId, mailKey: `passkey-reset:${ctx.ids.newId('aud')}`, what: 'reset', passkeys }),
  )
  // Those beyond go first: what is left when we die in between is reset by the next try.
  for (const session of sessions.slice(SESSIONS_AT_ONCE))
    await commit(ctx, {
      operations: endSessionWrites(session),
      audit: { action: 'session.ended', target: { kind: 'session', id: session.sessionId }, reason },
    })
  await write(ctx, {
    operations: [
      ...passkeys.flatMap(removalWrites),
      ...sessions.slice(0, SESSIONS_AT_ONCE).flatMap(endSessionWrites),
      ...mails.operations,
    ],
    notices: mails.notices,
    audit: { action: 'passkeys.reset', target: { kind: 'person', id: personId }, reason },
  })
}

async function getOwn(
  ctx: Ctx,
  { personId, passkeyId }: One,
): Promise<{ readonly passkey: Passkey; readonly others: readonly Passkey[] }> {
  const all = await listPasskeys(ctx, personId)
  const passkey = all.find(({ id }) => id === passkeyId)
  if (passkey === undefined) throw PasskeyFailure.not_found('There is no such passkey.')
  return { passkey, others: all.filter(({ id }) => id !== passkeyId) }
}

function removalWrites({ id, userId }: Passkey): readonly WriteOperation[] {
  return [
    { kind: 'delete', key: passkeyKey(id), when: { row: 'present' } },
    { kind: 'delete', key: passkeyPointerKey(userId, id) },
  ]
}

async function write(ctx: Ctx, change: Parameters<typeof commit>[1]): Promise<void> {
  try {
    await commit(ctx, change)
  } catch (error) {
    if (isFailure(error, 'table.condition_failed') || isFailure(error, 'table.conflict'))
      throw PasskeyFailure.changed_meanwhile('Your passkeys were changed just now: look again.')
    throw error
  }
}
