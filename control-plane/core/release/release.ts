import * as z from 'zod'
import { ReleaseManifest } from '#shared/contracts/release.ts'
import { defineFailures } from '#shared/errors/failure.ts'
import type { TableItem, TableKey, WriteOperation } from '#shared/platform/table.ts'
import type { Ctx } from '../context.ts'
import { versionedWrite } from '../versioned-write.ts'

/** A release of the tenant template in our ledger: the manifest that was published with it, and how far tenants may follow. */
export const Release = z.object({
  releaseVersion: z.string(),
  manifest: ReleaseManifest,
  /** Tenants that a cell holds of this template: on first quotas, and on raised ones. */
  capacity: z.object({ atFirst: z.number(), raised: z.number() }),
  /** Absent: no ring was opened yet; new tenants are stamped from the newest release whose last ring is open. */
  ring: z.number().exactOptional(),
  ringOpenedAt: z.number().exactOptional(),
  isWithdrawn: z.boolean(),
  withdrawnBecause: z.string().exactOptional(),
  registeredAt: z.number(),
  version: z.number(),
})
export type Release = z.infer<typeof Release>

export const ReleaseFailure = defineFailures('release', {
  not_found: { status: 404, retry: false },
  /** The version is there with another content: a release never changes. */
  differs: { status: 409, retry: false },
  withdrawn: { status: 409, retry: false },
  /** The cell's baseline is older or newer than the template can stand beside. */
  cell_too_old: { status: 409, retry: false },
  ring_not_next: { status: 409, retry: false },
  changed_meanwhile: { status: 409, retry: true },
})

const RELEASES = 'releases'
const RELEASES_A_PAGE = 200

export function releaseKey(releaseVersion: string): TableKey {
  return { pk: `release#${releaseVersion}`, sk: 'release' }
}

export async function findRelease(ctx: Ctx, releaseVersion: string): Promise<Release | undefined> {
  const row = await ctx.table.get(releaseKey(releaseVersion))
  return row === undefined ? undefined : Release.parse(row)
}

export async function getRelease(ctx: Ctx, releaseVersion: string): Promise<Release> {
  const release = await findRelease(ctx, releaseVersion)
  if (release === undefined) throw ReleaseFailure.not_found(`There is no release ${releaseVersion}.`)
  return release
}

export function releaseWrite(before: Release | undefined, after: Release): WriteOperation {
  const item: TableItem & Release = {
    ...releaseKey(after.releaseVersion),
    gsi2pk: RELEASES,
    gsi2sk: after.releaseVersion,
    ...after,
  }
  return versionedWrite(before, item)
}

/** All releases, newest first by their version. */
export async function listReleases(ctx: Ctx): Promise<readonly Release[]> {
  const releases: Release[] = []
  let cursor: string | undefined
  do {
    const page = await ctx.table.query({
      index: 'gsi2',
      pk: RELEASES,
      limit: RELEASES_A_PAGE,
      ...(cursor === undefined ? {} : { cursor }),
    })
    releases.push(...page.items.map((item) => Release.parse(item)))
    cursor = page.cursor
  } while (cursor !== undefined)
  return releases.toSorted((a, b) => compareVersions(b.releaseVersion, a.releaseVersion))
}

/** Semantic versioning 2.0.0 §11: negative when `a` comes before `b`. */
export function compareVersions(a: string, b: string): number {
  const [coreA, preA] = splitVersion(a)
  const [coreB, preB] = splitVersion(b)
  const byCore = compareParts(coreA.split('.'), coreB.split('.'))
  if (byCore !== 0) return byCore
  if (preA === undefined || preB === undefined) return preA === preB ? 0 : preA === undefined ? 1 : -1
  return compareParts(preA.split('.'), preB.split('.'))
}

function splitVersion(version: string): readonly [string, string | undefined] {
  const dash = version.indexOf('-')
  return dash < 0 ? [version, undefined] : [version.slice(0, dash), version.slice(dash + 1)]
}

function compareParts(a: readonly string[], b: readonly string[]): number {
  for (let index = 0; index < Math.max(a.length, b.length); index += 1) {
    const [partA, partB] = [a[index], b[index]]
    if (partA === undefined || partB === undefined) return partA === undefined ? -1 : 1
    if (partA === partB) continue
    const isNumberA = /^\d+$/.test(partA)
    const isNumberB = /^\d+$/.test(partB)
    if (isNumberA && isNumberB) return Number(partA) - Number(partB)
    if (isNumberA !== isNumberB) return isNumberA ? -1 : 1
    return partA < partB ? -1 : 1
  }
  return 0
}
