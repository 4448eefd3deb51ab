import { commit } from '../commit.ts'
import type { Ctx } from '../context.ts'
import { madeBefore, makesOnce } from '../once.ts'
import type { Licensee } from './licensee.ts'
import { getLicensee, licenseeWrite } from './licensee-store.ts'

/** Adds a licensee; vendor's act. Asked again with the same `onceKey` it answers with the one that was added. */
export async function registerLicensee(
  ctx: Ctx,
  input: {
    readonly name: string
    readonly billingEmail: string
    readonly isTrusted?: boolean
    readonly onceKey?: string
  },
): Promise<Licensee> {
  const { onceKey } = input
  const known = onceKey === undefined ? undefined : await madeBefore(ctx, onceKey)
  if (known !== undefined) return getLicensee(ctx, known)
  const licensee: Licensee = {
    licenseeId: ctx.ids.newId('lcs'),
    name: input.name,
    billingEmail: input.billingEmail,
    isTrusted: input.isTrusted ?? false,
    createdAt: ctx.clock.now(),
    version: 1,
  }
  await commit(ctx, {
    operations: [
      licenseeWrite(undefined, licensee),
      ...(onceKey === undefined ? [] : [makesOnce(ctx, onceKey, licensee.licenseeId)]),
    ],
    audit: {
      action: 'licensee.registered',
      target: { kind: 'licensee', id: licensee.licenseeId },
      licenseeId: licensee.licenseeId,
      after: licensee,
    },
  })
  return licensee
}
