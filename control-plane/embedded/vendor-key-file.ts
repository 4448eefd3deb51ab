import type { Ctx } from '#control-plane/core/context.ts'
import { findControlKey } from '#control-plane/core/control-key/key-store.ts'
import { mintControlKey } from '#control-plane/core/control-key/mint-key.ts'
import { readTextFile, writeWholeFile } from '#shared/runtime/whole-file.ts'

/** Name in the data folder of the key by which whoever runs the product here acts as the vendor. */
export const vendorKeyFileName = 'vendor-key.txt'

/** For this user alone. */
const PRIVATE = 0o600

/** Keeps a live key of the vendor in a file that only this user can read; one that has ended or was revoked is replaced. */
export async function ensureVendorKeyFile(ctx: Ctx, file: string): Promise<void> {
  const known = (await readTextFile(file))?.trim()
  if (known !== undefined && (await findControlKey(ctx, known)) !== undefined) return
  const { secret } = await mintControlKey(ctx, {
    organization: { kind: 'vendor' },
    role: 'vendor_admin',
    label: 'command line of this machine',
    by: 'vendor_admin',
  })
  await writeWholeFile(file, `${secret}\n`, PRIVATE)
}
