import { readFile, writeFile } from 'node:fs/promises'
import { ApiScope } from '#shared/contracts/api.ts'
import { storeApiKey } from '#tenant-stack/core/api-key/create-key.ts'
import type { Ctx } from '#tenant-stack/core/context.ts'

/** The demo key's name in the data folder. */
export const demoKeyFileName = 'demo-api-key.txt'

/** The name of a stamped tenant's first key in its own folder. */
export const tenantKeyFileName = 'api-key.txt'

export type DemoKey = { readonly secret: string; readonly file: string; readonly isNew: boolean }

/**
 * The key by which whoever runs the product here uses a tenant's API: made once, kept in a file that only this user can read.
 * The file comes first, so that a crash in between leaves a secret that becomes a key at the next start.
 */
export async function ensureKeyFile(ctx: Ctx, file: string, label: string): Promise<DemoKey> {
  const known = await readSecret(file)
  const secret = known ?? `cvk_${ctx.ids.newToken()}`
  if (known === undefined) await writeFile(file, `${secret}\n`, { mode: 0o600, flag: 'wx' })
  await storeApiKey(ctx, { secret, label, scopes: ApiScope.options })
  return { secret, file, isNew: known === undefined }
}

async function readSecret(file: string): Promise<string | undefined> {
  try {
    return (await readFile(file, 'utf8')).trim()
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}
