import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { Running } from '#shared/contracts/embedded-running.ts'

/** Written beside and renamed, so that a reader never sees half of it. */
export async function noteRunning(file: string, running: Running): Promise<void> {
  await writeFile(`${file}.new`, `${JSON.stringify(running)}\n`)
  await rename(`${file}.new`, file)
}

export async function forgetRunning(file: string): Promise<void> {
  await rm(file, { force: true })
}

/** Undefined when nothing runs on that folder; after a kill -9 it may be stale, and a connection then tells. */
export async function readRunning(file: string): Promise<Running | undefined> {
  try {
    return Running.parse(JSON.parse(await readFile(file, 'utf8')))
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}
