import * as z from 'zod'
import { commit } from '../commit.ts'
import type { Ctx } from '../context.ts'
import { planControlMails } from '../control-mail/plan-control-mail.ts'
import { Passkey, PasskeyFailure, passkeyKey, passkeyNameOf, passkeyPointerKey } from './passkey.ts'
import { passkeyMail } from './passkey-mails.ts'
import { personPartition } from './person.ts'

/** Of one person: devices he owns. Ending all of them fits one transaction. */
const PASSKEYS_MAX = 20

const Pointer = z.object({ credentialSha256: z.string() })

export async function findPasskey(ctx: Ctx, id: string): Promise<Passkey | undefined> {
  const row = await ctx.table.get(passkeyKey(id))
  return row === undefined ? undefined : Passkey.parse(row)
}

/** A person's passkeys, the oldest first. */
export async function listPasskeys(ctx: Ctx, personId: string): Promise<readonly Passkey[]> {
  const page = await ctx.table.query({ pk: personPartition(personId), sk: { beginsWith: 'passkey#' }, limit: 100 })
  const found = await Promise.all(page.items.map((item) => findPasskey(ctx, Pointer.parse(item).credentialSha256)))
  return found.filter((passkey) => passkey !== undefined).toSorted((a, b) => a.addedAt - b.addedAt)
}

/** Writes a new passkey, and a mail to its person: he learns of one that he did not add. */
export async function addPasskey(ctx: Ctx, passkey: Passkey): Promise<void> {
  const { id, userId } = passkey
  if ((await listPasskeys(ctx, userId)).length >= PASSKEYS_MAX)
    throw PasskeyFailure.too_many('Nobody needs more passkeys: remove one first.')
  const { operations, notices } = await planControlMails(
    ctx,
    await passkeyMail(ctx, { personId: userId, mailKey: `passkey-added:${id}`, what: 'added', passkeys: [passkey] }),
  )
  await commit(ctx, {
    operations: [
      { kind: 'put', item: { ...passkeyKey(id), ...passkey }, when: { row: 'absent' } },
      { kind: 'put', item: { ...passkeyPointerKey(userId, id), credentialSha256: id } },
      ...operations,
    ],
    notices,
    audit: {
      action: 'passkey.added',
      target: { kind: 'person', id: userId },
      reason: passkeyNameOf(passkey),
    },
  })
}

/** Counts one use: a counter that went back is a copied device, and the verification before this refused it. */
export async function notePasskeyUse(ctx: Ctx, id: string, counter: number): Promise<void> {
  await ctx.table.write({
    kind: 'update',
    key: passkeyKey(id),
    set: { counter, lastUsedAt: ctx.clock.now() },
    when: { attribute: 'counter', is: '<=', value: counter },
  })
}
