import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as z from 'zod'
import type { Figure } from '../../figures/figure.ts'

const root = join(import.meta.dirname, '..', '..', '..')

const Results = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numPendingTests: z.number(),
  numTodoTests: z.number(),
})

function runContractSuites(outputFile: string): Promise<void> {
  const vitest = join(root, 'node_modules/vitest/vitest.mjs')
  const args = [vitest, 'run', '--project', 'contract', '--reporter', 'json', '--outputFile', outputFile]
  return new Promise((resolve) => {
    // The exit code says no more than the results do.
    execFile(process.execPath, args, { cwd: root, maxBuffer: 64 * 1024 * 1024 }, () => resolve())
  })
}

/** Runs the port contract suites on the embedded implementations: cases that passed, and cases nobody ran. */
export async function contractFigures(): Promise<readonly Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'convoke-contract-'))
  try {
    const outputFile = join(folder, 'results.json')
    await runContractSuites(outputFile)
    const results = Results.parse(JSON.parse(await readFile(outputFile, 'utf8')))
    if (results.numFailedTests > 0) throw new Error(`${results.numFailedTests} contract cases failed`)
    if (results.numPassedTests === 0) throw new Error('no contract case was found')
    const skipped = results.numPendingTests + results.numTodoTests
    return [
      { group: 'contract', name: 'embedded_cases', value: results.numPassedTests, unit: 'cases' },
      { group: 'contract', name: 'skipped', value: skipped, unit: 'cases' },
    ]
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
