import type { ReleaseManifest } from '#shared/contracts/release.ts'
import { isFailure } from '#shared/errors/failure.ts'
import { commit } from '../commit.ts'
import type { Ctx } from '../context.ts'
import { findRelease, getRelease, type Release, ReleaseFailure, releaseWrite } from './release.ts'
import { LAST_RING } from './rings.ts'

/**
 * Takes a published release into the ledger. Again with the same content is the first answer; with another `release.differs`, because
 * tenants may stand on it.
 */
export async function registerRelease(
  ctx: Ctx,
  input: { readonly manifest: ReleaseManifest; readonly capacity: Release['capacity'] },
): Promise<Release> {
  const { manifest, capacity } = input
  const release: Release = {
    releaseVersion: manifest.version,
    manifest,
    capacity,
    isWithdrawn: false,
    registeredAt: ctx.clock.now(),
    version: 1,
  }
  const known = await findRelease(ctx, manifest.version)
  if (known !== undefined) return sameRelease(known, manifest)
  try {
    await commit(ctx, {
      operations: [releaseWrite(undefined, release)],
      audit: { action: 'release.registered', target: { kind: 'release', id: manifest.version }, after: release },
    })
    return release
  } catch (error) {
    if (!isFailure(error, 'table.condition_failed')) throw error
    return sameRelease(await getRelease(ctx, manifest.version), manifest)
  }
}

function sameRelease(known: Release, manifest: ReleaseManifest): Release {
  if (known.manifest.templateSha256 === manifest.templateSha256 && known.manifest.gitSha === manifest.gitSha)
    return known
  throw ReleaseFailure.differs(`Release ${manifest.version} is known with another content.`)
}

/** Opens a ring of a release: the next one, or the last at once by a person's decision (`isForced`). */
export async function openRing(
  ctx: Ctx,
  input: {
    readonly releaseVersion: string
    readonly ring: number
    readonly isForced?: boolean
    readonly reason?: string
  },
): Promise<Release> {
  const before = await getRelease(ctx, input.releaseVersion)
  if (before.isWithdrawn) throw ReleaseFailure.withdrawn(`Release ${input.releaseVersion} was withdrawn.`)
  const next = (before.ring ?? -1) + 1
  const isNext = input.ring === next || (input.isForced === true && input.ring > (before.ring ?? -1))
  if (!isNext || input.ring > LAST_RING)
    throw ReleaseFailure.ring_not_next(`Ring ${input.ring} is not the next one of ${input.releaseVersion}.`)
  return changeRelease(ctx, before, {
    action: 'release.ring_opened',
    change: { ring: input.ring, ringOpenedAt: ctx.clock.now() },
    ...(input.reason === undefined ? {} : { reason: input.reason }),
  })
}

/** No tenant is moved to it any more; those that stand on it go back by `desireRelease`. */
export async function withdrawRelease(
  ctx: Ctx,
  input: { readonly releaseVersion: string; readonly reason: string },
): Promise<Release> {
  const before = await getRelease(ctx, input.releaseVersion)
  if (before.isWithdrawn) return before
  return changeRelease(ctx, before, {
    action: 'release.withdrawn',
    change: { isWithdrawn: true, withdrawnBecause: input.reason },
    reason: input.reason,
  })
}

async function changeRelease(
  ctx: Ctx,
  before: Release,
  { action, change, reason }: { readonly action: string; readonly change: Partial<Release>; readonly reason?: string },
): Promise<Release> {
  const after: Release = { ...before, ...change, version: before.version + 1 }
  try {
    await commit(ctx, {
      operations: [releaseWrite(before, after)],
      audit: {
        action,
        target: { kind: 'release', id: before.releaseVersion },
        before,
        after,
        ...(reason === undefined ? {} : { reason }),
      },
    })
  } catch (error) {
    if (isFailure(error, 'table.condition_failed'))
      throw ReleaseFailure.changed_meanwhile('The release has changed meanwhile: look again.')
    throw error
  }
  return after
}
