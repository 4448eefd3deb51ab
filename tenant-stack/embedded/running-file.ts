import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import * as z from 'zod'

/** The note's name in the data folder. */
export const runningFileName = 'running.json'

/** Where a running product listens, for the command line; the ports may differ from the settings. `pid`: its working child. */
const Running = z.object({ baseUrl: z.string(), smtpHost: z.string(), smtpPort: z.number(), pid: z.number() })
export type Running = z.infer<typeof Running>

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
