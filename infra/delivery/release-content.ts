import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { FunctionBundles } from '#shared/contracts/release.ts'

/** What a commit's build left to publish. */
export type ReleaseContent = {
  readonly functions: FunctionBundles
  /** Bytes of a zip, by its hash. */
  readonly readZip: (sha256: string) => Promise<Uint8Array>
  /** The synthesised tenant template, as text. */
  readonly template: string
}

/** From `dist/` of the build and the synthesised template. A zip that is not what its name says stops the release. */
export async function readReleaseContent(paths: {
  readonly distFolder: string
  readonly templateFile: string
}): Promise<ReleaseContent> {
  const { distFolder, templateFile } = paths
  return {
    functions: FunctionBundles.parse(JSON.parse(await readFile(join(distFolder, 'functions.json'), 'utf8'))),
    async readZip(sha256) {
      const bytes = await readFile(join(distFolder, 'functions', `${sha256}.zip`))
      if (sha256Of(bytes) !== sha256) throw new Error(`${sha256}.zip holds something else than its name says`)
      return bytes
    },
    template: await readFile(templateFile, 'utf8'),
  }
}

export function sha256Of(bytes: string | Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
