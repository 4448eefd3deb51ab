import { mkdir, readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { TENANT_NOTICES_FOLDER } from '#shared/contracts/embedded-stack.ts'
import type { Queues } from '#shared/platform/queue.ts'

/** Files read in one look. */
const FILES_A_LOOK = 500

/** Brings what tenants of this machine tell onto the control plane's queue. A file goes once its notice is queued: it may come twice, never not at all. */
export async function collectTenantNotices(input: {
  readonly dataFolder: string
  readonly queues: Pick<Queues, 'send'>
}): Promise<number> {
  const folder = join(input.dataFolder, TENANT_NOTICES_FOLDER)
  await mkdir(folder, { recursive: true })
  const names = (await readdir(folder)).filter((name) => name.endsWith('.json')).slice(0, FILES_A_LOOK)
  for (const name of names) {
    const file = join(folder, name)
    await input.queues.send('tenant-notice', await readFile(file, 'utf8'))
    await rm(file, { force: true })
  }
  return names.length
}
