import * as z from 'zod'
import type { Ctx } from '../context.ts'

export const CONFIRMATION_SECONDS = 24 * 3600

/** A link mailed to a From address; only its hash is kept. */
export const Confirmation = z.object({
  mailId: z.string(),
  recipient: z.string(),
  address: z.string(),
  /** Epoch milliseconds. */
  validUntil: z.number(),
  usedAt: z.number().optional(),
})
export type Confirmation = z.infer<typeof Confirmation>

export function confirmationKey(ctx: Ctx, token: string) {
  return { pk: `confirm#${ctx.sha256(token)}`, sk: 'confirm' }
}

/** Mints a link and stores its hash before anybody is mailed it. */
export async function issueConfirmation(
  ctx: Ctx,
  input: Pick<Confirmation, 'mailId' | 'recipient' | 'address'>,
): Promise<string> {
  const token = ctx.ids.newToken()
  const validUntil = ctx.clock.now() + CONFIRMATION_SECONDS * 1000
  const confirmation: Confirmation = { ...input, validUntil }
  await ctx.table.write({
    kind: 'put',
    item: { ...confirmationKey(ctx, token), ...confirmation, expiresAt: Math.ceil(validUntil / 1000) + 7 * 86_400 },
    when: { row: 'absent' },
  })
  return `${ctx.settings.pagesUrl}/confirm/${token}`
}

/** The confirmation a link stands for; undefined for a link of nobody. */
export async function findConfirmation(ctx: Ctx, token: string): Promise<Confirmation | undefined> {
  if (!/^[0-9a-z]{26}$/.test(token)) return undefined
  const row = await ctx.table.get(confirmationKey(ctx, token))
  return row === undefined ? undefined : Confirmation.parse(row)
}
