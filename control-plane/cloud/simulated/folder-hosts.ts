import { randomUUID } from 'node:crypto'
import { mkdir, readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import {
  PRESENT_STACKS_FOLDER,
  PresentStack,
  stackFileName,
  TENANTS_FOLDER,
  WANTED_STACKS_FOLDER,
  WantedStack,
} from '#shared/contracts/embedded-stack.ts'
import { makeFolderDurably, writeDurably } from '#shared/platform/embedded/durable-file.ts'
import { createFileBlobs } from '#shared/platform/embedded/file-blobs.ts'
import type { Clock } from '#shared/platform/small-ports.ts'
import type { DataHost, StackHost } from './simulation.ts'

type Input = { readonly dataFolder: string; readonly clock: Clock }

/** Stacks of one machine: the wanted ones are files that the tenant runtime reads, the present ones files that it writes. */
export function createFolderStackHost({ dataFolder, clock }: Input): StackHost {
  const wantedFolder = join(dataFolder, WANTED_STACKS_FOLDER)
  const presentFile = (stackName: string) => join(dataFolder, PRESENT_STACKS_FOLDER, stackFileName(stackName))
  return {
    async want(wanted) {
      const path = join(wantedFolder, stackFileName(wanted.stackName))
      const text = JSON.stringify(WantedStack.parse(wanted))
      // It is told again and again; the runtime reads a changed file alone.
      if ((await textOf(path)) === text) return
      await makeFolderDurably(wantedFolder)
      await writeDurably(path, `${path}.${randomUUID()}.draft`, Buffer.from(text), clock.now())
    },
    async unwant(stackName) {
      await rm(join(wantedFolder, stackFileName(stackName)), { force: true })
    },
    async present(stackName) {
      const text = await textOf(presentFile(stackName))
      return text === undefined ? undefined : PresentStack.parse(JSON.parse(text))
    },
  }
}

/** Of the embedded contract: the tenant's bucket below its folder. */
const BLOBS = 'blobs'

/** Data of those stacks: the bucket is the folder of the tenant's blobs, the table is all else below the tenant's folder. */
export function createFolderDataHost({ dataFolder, clock }: Input): DataHost {
  const folderOf = (tenantId: string) => join(dataFolder, TENANTS_FOLDER, tenantId)
  return {
    async bucket(tenantId) {
      await mkdir(folderOf(tenantId), { recursive: true })
      return createFileBlobs({ folder: join(folderOf(tenantId), BLOBS), clock })
    },
    async removeBucket(tenantId) {
      await rm(join(folderOf(tenantId), BLOBS), { recursive: true, force: true })
    },
    async removeTable(tenantId) {
      const names = await readdir(folderOf(tenantId)).catch(absent)
      for (const name of names ?? [])
        if (name !== BLOBS) await rm(join(folderOf(tenantId), name), { recursive: true, force: true })
    },
  }
}

async function textOf(file: string): Promise<string | undefined> {
  return readFile(file, 'utf8').catch(absent)
}

function absent(error: unknown): undefined {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
  throw error
}
