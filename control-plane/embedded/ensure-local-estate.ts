import type { Ctx } from '#control-plane/core/context.ts'
import { addMember } from '#control-plane/core/person/invite-person.ts'
import { registerCell } from '#control-plane/core/placement/register-cell.ts'
import { openRing, registerRelease } from '#control-plane/core/release/register-release.ts'
import { findRelease } from '#control-plane/core/release/release.ts'
import { LAST_RING } from '#control-plane/core/release/rings.ts'
import { isFailure } from '#shared/errors/failure.ts'
import { LOCAL_CAPACITY, localCell } from './local-estate.ts'
import { localRelease } from './local-release.ts'

/** What a control plane on one machine begins with: a cell, a release that everyone may have, and the vendor's first person. Runs at each start. */
export async function ensureLocalEstate(ctx: Ctx, vendorEmail: string): Promise<void> {
  await unless('placement.cell_exists', () => registerCell(ctx, localCell()))
  await ensureRelease(ctx)
  await unless('person.member_already', () =>
    addMember(ctx, { organization: { kind: 'vendor' }, email: vendorEmail, name: 'Vendor', role: 'vendor_admin' }),
  )
}

/** More contents than one machine ever sees: each update of the product that changes what tenants are made of is one. */
const PATCHES_MAX = 1000

/** A data folder that an earlier product made knows its release with another content: this one is then the next. */
async function ensureRelease(ctx: Ctx): Promise<void> {
  for (let patch = 0; patch < PATCHES_MAX; patch += 1) {
    const manifest = localRelease(patch)
    const known = await findRelease(ctx, manifest.version)
    if (known !== undefined && known.manifest.templateSha256 !== manifest.templateSha256) continue
    const release = known ?? (await registerRelease(ctx, { manifest, capacity: LOCAL_CAPACITY }))
    if (release.ring === undefined)
      await openRing(ctx, {
        releaseVersion: manifest.version,
        ring: LAST_RING,
        isForced: true,
        reason: 'the only release of this machine',
      })
    return
  }
}

async function unless(code: string, act: () => Promise<unknown>): Promise<void> {
  try {
    await act()
  } catch (error) {
    if (!isFailure(error, code)) throw error
  }
}
