import {
  bundleKey,
  type FunctionBundles,
  manifestKey,
  ReleaseManifest,
  templateKey,
} from '#shared/contracts/release.ts'
import { type ReleaseContent, sha256Of } from './release-content.ts'
import type { ReleaseStore } from './release-store.ts'
import { templateFacts } from './template-facts.ts'

export type ReleaseFacts = Pick<
  ReleaseManifest,
  'version' | 'gitSha' | 'cellVersionMin' | 'cellVersionMax' | 'isBreaking'
>

export type Published = {
  readonly manifest: ReleaseManifest
  /** False: this very release was there already. */
  readonly isNew: boolean
  readonly zipsUploaded: number
}

/** Puts the code into the bucket, each zip once for ever: all functions, the cell's own too, so that a cell can be deployed from it. */
export async function publishFunctions(
  store: ReleaseStore,
  { functions, readZip }: Pick<ReleaseContent, 'functions' | 'readZip'>,
): Promise<number> {
  let uploaded = 0
  for (const sha256 of new Set(Object.values(functions).map((one) => one.sha256))) {
    if (await store.has(bundleKey(sha256))) continue
    if (await store.putNew(bundleKey(sha256), await readZip(sha256), 'application/zip')) uploaded += 1
  }
  return uploaded
}

/**
 * Publishes a release: zips, then the template under its hash, then the manifest that names both and makes them a release. Killed anywhere
 * it leaves objects that nobody looks for, and publishing again ends it. A version that exists with other content is refused.
 */
export async function publishRelease(
  store: ReleaseStore,
  content: ReleaseContent,
  facts: ReleaseFacts,
): Promise<Published> {
  const { parameters, functions } = templateFacts(content.template, content.functions)
  const templateSha256 = sha256Of(content.template)
  const key = templateKey(facts.version, templateSha256)
  const manifest = ReleaseManifest.parse({
    ...facts,
    templateSha256,
    templateKey: key,
    parameters,
    functions: sortedByName(functions),
  })
  const bytes = Buffer.from(`${JSON.stringify(manifest, undefined, 2)}\n`)
  // Asked before anything is uploaded: a refused release should leave nothing at all.
  if (await isPublished(store, manifest, bytes)) return { manifest, isNew: false, zipsUploaded: 0 }
  const zipsUploaded = await publishFunctions(store, { ...content, functions })
  // An object there already is this one: its name is its hash.
  await store.putNew(key, Buffer.from(content.template), 'application/json')
  if (await store.putNew(manifestKey(facts.version), bytes, 'application/json'))
    return { manifest, isNew: true, zipsUploaded }
  if (!(await isPublished(store, manifest, bytes)))
    throw new Error(`the manifest of ${facts.version} came and went: publish again`)
  return { manifest, isNew: false, zipsUploaded }
}

/** Whether this very release is there. Throws when another one bears its version. */
async function isPublished(store: ReleaseStore, { version }: ReleaseManifest, bytes: Uint8Array): Promise<boolean> {
  const known = await store.get(manifestKey(version))
  if (known === undefined) return false
  if (Buffer.compare(known, bytes) !== 0)
    throw new Error(
      `version ${version} is published with other content: what tenants run must not change under its name`,
    )
  return true
}

/** The same release is the same bytes, in whatever order it was built. */
function sortedByName(functions: FunctionBundles): FunctionBundles {
  return Object.fromEntries(Object.entries(functions).toSorted(([a], [b]) => (a < b ? -1 : 1)))
}
