import { execFile } from 'node:child_process'
import { join } from 'node:path'
import type * as z from 'zod'

const root = join(import.meta.dirname, '..', '..')

/** Runs a program of test/ in a process of its own and reads the one line of JSON that it prints; throws with its words when it fails. */
export async function runChild<T>(shape: z.ZodType<T>, file: string, ...args: readonly string[]): Promise<T> {
  const printed = await new Promise<string>((resolve, reject) => {
    execFile(
      process.execPath,
      [join(root, file), ...args],
      { cwd: root, maxBuffer: 64 * 1024 * 1024 },
      (error, stdout, stderr) => (error === null ? resolve(stdout) : reject(new Error(`${file}: ${stderr}`))),
    )
  })
  return shape.parse(JSON.parse(printed.trim().split('\n').at(-1) ?? ''))
}
