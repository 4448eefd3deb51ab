import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const CHILD = fileURLToPath(new URL('durability-child.ts', import.meta.url))

/** Runs the durability child and kills it with SIGKILL after `lineCount` lines; answers every line it got out. */
export async function runAndKill(folder: string, work: string, lineCount: number): Promise<readonly string[]> {
  const child = spawn(process.execPath, [CHILD, folder, work], { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = new Promise<NodeJS.Signals | null>((resolve) => {
    child.once('close', (_code, signal) => resolve(signal))
  })
  const lines: string[] = []
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(line)
    if (lines.length === lineCount) child.kill('SIGKILL')
  }
  const signal = await ended
  if (signal !== 'SIGKILL') throw new Error(`the child ended by itself after ${lines.length} lines`)
  return lines
}
