import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as z from 'zod'

const root = join(import.meta.dirname, '..', '..', '..')

const Case = z.object({
  status: z.string(),
  title: z.string(),
  ancestorTitles: z.array(z.string()),
  failureMessages: z.array(z.string()).nullish(),
})
const Results = z.object({ testResults: z.array(z.object({ message: z.string(), assertionResults: z.array(Case) })) })
const Reported = z.object({ name: z.string(), value: z.number() })

export type SuiteRun = {
  readonly cases: readonly z.infer<typeof Case>[]
  /** Numbers that the suite reported of itself. */
  readonly reported: ReadonlyMap<string, number>
}

/** Runs test files of a vitest configuration and tells every case; throws with the first reasons when the run itself fell. */
export async function runSuite(...args: readonly string[]): Promise<SuiteRun> {
  const folder = await mkdtemp(join(tmpdir(), 'convoke-suite-'))
  try {
    const [outputFile, figuresFile] = [join(folder, 'results.json'), join(folder, 'figures.jsonl')]
    const vitest = join(root, 'node_modules/vitest/vitest.mjs')
    const output = await new Promise<string>((resolve) => {
      execFile(
        process.execPath,
        [vitest, 'run', ...args, '--reporter', 'json', '--outputFile', outputFile],
        { cwd: root, maxBuffer: 64 * 1024 * 1024, env: { ...process.env, FIGURES_FILE: figuresFile } },
        // The exit code says no more than the results do.
        (_error, stdout, stderr) => resolve(`${stdout}\n${stderr}`),
      )
    })
    if (!existsSync(outputFile))
      throw new Error(`the suite did not run: ${output.trim().split('\n').slice(-5).join(' ')}`)
    const { testResults } = Results.parse(JSON.parse(await readFile(outputFile, 'utf8')))
    const broken = testResults.find(({ assertionResults }) => assertionResults.length === 0)
    if (broken !== undefined) throw new Error(`a file of the suite did not run: ${broken.message}`)
    const lines = existsSync(figuresFile) ? (await readFile(figuresFile, 'utf8')).trim().split('\n') : []
    const reported = lines.map((line) => Reported.parse(JSON.parse(line)))
    return {
      cases: testResults.flatMap(({ assertionResults }) => assertionResults),
      reported: new Map(reported.map(({ name, value }) => [name, value])),
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
