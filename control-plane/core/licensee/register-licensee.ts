import { commit } from '../commit.ts'
import type { Ctx } from '../context.ts'
import type { Licensee } from './licensee.ts'
import { licenseeWrite } from './licensee-store.ts'

/** Adds a licensee; vendor's act. */
export async function registerLicensee(
  ctx: Ctx,
  input: { readonly name: string; readonly billingEmail: string; readonly isTrusted?: boolean },
): Promise<Licensee> {
  const licensee: Licensee = {
    licenseeId: ctx.ids.newId('lcs'),
    name: input.name,
    billingEmail: input.billingEmail,
    isTrusted: input.isTrusted ?? false,
    createdAt: ctx.clock.now(),
    version: 1,
  }
  await commit(ctx, {
    operations: [licenseeWrite(undefined, licensee)],
    audit: {
      action: 'licensee.registered',
      target: { kind: 'licensee', id: licensee.licenseeId },
      licenseeId: licensee.licenseeId,
      after: licensee,
    },
  })
  return licensee
}
