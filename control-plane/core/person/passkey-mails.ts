import type { Ctx } from '../context.ts'
import type { PlannedMail } from '../control-mail/plan-control-mail.ts'
import { type Passkey, passkeyNameOf } from './passkey.ts'
import { findPerson } from './person-store.ts'

type Told = {
  readonly personId: string
  readonly mailKey: string
  readonly what: 'added' | 'removed' | 'reset'
  readonly passkeys: readonly Passkey[]
}

/** Tells somebody what became of his passkeys, whoever did it. */
export async function passkeyMail(
  ctx: Ctx,
  { personId, mailKey, what, passkeys }: Told,
): Promise<readonly PlannedMail[]> {
  const person = await findPerson(ctx, personId)
  if (person === undefined) return []
  const { publicUrl, vendorName } = ctx.settings
  const names = passkeys.map(passkeyNameOf).join(', ')
  const said = {
    added: [`New passkey for ${vendorName}`, `A passkey was added with which you can sign in: ${names}.`],
    removed: [`Passkey removed at ${vendorName}`, `A passkey of yours was removed: ${names}.`],
    reset: [
      `Your passkeys for ${vendorName} were reset`,
      'All your passkeys were removed, because somebody of us said that you lost them. Your sessions have ended; sign in by mail and add a new passkey.',
    ],
  } as const
  const [subject, sentence] = said[what]
  return [
    {
      mailKey,
      to: person.email,
      parts: {
        subject,
        paragraphs: [sentence],
        links: [['Your passkeys', `${publicUrl}/passkeys`]],
        footer: `If you know nothing of it, tell us at once and look at your sessions and passkeys. ${vendorName}`,
      },
    },
  ]
}
