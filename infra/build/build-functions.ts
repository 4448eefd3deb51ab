import { createHash } from 'node:crypto'
import type { Metafile } from 'esbuild'
import type { FunctionBundles } from '#shared/contracts/release.ts'
import { bundleFunctions, functionNames } from './bundle-functions.ts'
import { partsOf } from './function-parts.ts'
import { zipOf } from './zip.ts'

export type BuiltFunctions = {
  readonly bundles: FunctionBundles
  /** Each function's zip by its SHA-256. */
  readonly zips: ReadonlyMap<string, Uint8Array>
  /** The files themselves by name, from which the zips were made. */
  readonly files: ReadonlyMap<string, Uint8Array>
  readonly metafile: Metafile
}

/** Every function as a zip under its own hash; the same sources give the same bytes. */
export async function buildFunctions(): Promise<BuiltFunctions> {
  const { files, metafile } = await bundleFunctions()
  const zips = new Map<string, Uint8Array>()
  const bundles: Record<string, FunctionBundles[string]> = {}
  for (const name of functionNames()) {
    const zip = zipOf(partsOf(name, metafile), files)
    const sha256 = createHash('sha256').update(zip).digest('hex')
    zips.set(sha256, zip)
    bundles[name] = { sha256, sizeBytes: zip.length, handler: `${name}.handler` }
  }
  return { bundles, zips, files, metafile }
}
