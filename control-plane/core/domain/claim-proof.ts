import * as z from 'zod'
import { defineFailures } from '#shared/errors/failure.ts'
import type { TableItem, TableKey, WriteOperation } from '#shared/platform/table.ts'
import type { Ctx } from '../context.ts'
import { licenseePartition } from '../licensee/licensee.ts'
import { versionedWrite } from '../versioned-write.ts'
import type { ClaimProof } from './decide-claim.ts'

/** What a licensee has been told to show in DNS to prove a name, and where we have seen it. Times are epoch milliseconds. */
export const ProofRow = z.object({
  licenseeId: z.string(),
  domainName: z.string(),
  registrableName: z.string(),
  /** His alone: seen by others in DNS it is of no use to them. */
  token: z.string(),
  issuedAt: z.number(),
  endsAt: z.number(),
  /** At the name itself, and at names above and below it that others hold. */
  seen: z.array(z.object({ domainName: z.string(), seenAt: z.number() })),
  version: z.number(),
})
export type ProofRow = z.infer<typeof ProofRow>

export const ClaimFailure = defineFailures('claim', {
  /** No proof of this name was asked for. */
  not_asked: { status: 404, retry: false },
  token_expired: { status: 409, retry: false },
  changed_meanwhile: { status: 409, retry: true },
})

const SORT_PREFIX = 'claim-proof#'

/** Among the licensee's rows: under another's scope it does not exist. */
function proofKey(licenseeId: string, domainName: string): TableKey {
  return { pk: licenseePartition(licenseeId), sk: `${SORT_PREFIX}${domainName}` }
}

export async function findProof(ctx: Ctx, licenseeId: string, domainName: string): Promise<ProofRow | undefined> {
  const row = await ctx.table.get(proofKey(licenseeId, domainName))
  return row === undefined ? undefined : ProofRow.parse(row)
}

export function proofWrite(before: ProofRow | undefined, after: ProofRow): WriteOperation {
  const item: TableItem & ProofRow = { ...proofKey(after.licenseeId, after.domainName), ...after }
  return versionedWrite(before, item)
}

/** As `decideClaim` wants it; nothing was seen without a row. */
export function proofsOf(row: ProofRow | undefined): readonly ClaimProof[] {
  if (row === undefined) return []
  return row.seen.map(({ domainName, seenAt }) => ({ domainName, seenAt, tokenIssuedAt: row.issuedAt }))
}

/** The row after another look: what was seen now is seen, what was not stays as old as it is. */
export function withSightings(row: ProofRow, names: readonly string[], now: number): ProofRow {
  const seen = [...row.seen.filter((one) => !names.includes(one.domainName)), ...names.map(seenAtNow)]
  return { ...row, seen, version: row.version + 1 }

  function seenAtNow(domainName: string) {
    return { domainName, seenAt: now }
  }
}

/** What a licensee has asked proofs for, by name. */
export async function listProofs(
  ctx: Ctx,
  query: { readonly licenseeId: string; readonly limit: number; readonly after?: string },
): Promise<{ readonly proofs: readonly ProofRow[]; readonly next?: string }> {
  const page = await ctx.table.query({
    pk: licenseePartition(query.licenseeId),
    sk: { beginsWith: SORT_PREFIX },
    limit: query.limit,
    ...(query.after === undefined ? {} : { cursor: query.after }),
  })
  return {
    proofs: page.items.map((item) => ProofRow.parse(item)),
    ...(page.cursor === undefined ? {} : { next: page.cursor }),
  }
}
