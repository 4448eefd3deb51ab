import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import type * as z from 'zod'

/** Writes a small file beside itself and renames it, so that a reader never sees half of it. `mode` as of `fs.open`. */
export async function writeWholeFile(file: string, text: string, mode = 0o644): Promise<void> {
  await mkdir(dirname(file), { recursive: true })
  await writeFile(`${file}.new`, text, { mode })
  await rename(`${file}.new`, file)
}

/** What a file of JSON holds; undefined when there is none. Throws when it holds something else. */
export async function readJsonFile<T>(file: string, schema: z.ZodType<T>): Promise<T | undefined> {
  const text = await readTextFile(file)
  return text === undefined ? undefined : schema.parse(JSON.parse(text))
}

/** Undefined when there is no such file. */
export async function readTextFile(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}

export async function removeFile(file: string): Promise<void> {
  await rm(file, { force: true })
}
