import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { createClient } from '@hey-api/openapi-ts'
import ts from 'typescript'

/** Beside what tsc writes: inside the repository, so that the client finds zod, and kept out of version control. */
const FOLDER = join(import.meta.dirname, '..', '..', '..', '.tsc')

/** As strict as a customer's own settings may be; the generator's own runtime does not hold `exactOptionalPropertyTypes`. */
const STRICT: ts.CompilerOptions = {
  strict: true,
  noUncheckedIndexedAccess: true,
  noImplicitReturns: true,
  noImplicitOverride: true,
  verbatimModuleSyntax: true,
  target: ts.ScriptTarget.ES2024,
  lib: ['lib.es2024.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'],
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  allowImportingTsExtensions: true,
  noEmit: true,
  skipLibCheck: true,
  types: [],
}

export type GeneratedClient = {
  /** Writes a program beside the client; it imports `./sdk.gen.ts` and `./client.gen.ts`. */
  readonly add: (fileName: string, program: string) => Promise<void>
  /** What a strict compiler says of client and programs, one line each. */
  readonly typeFaults: () => readonly string[]
  readonly load: (fileName: string) => Promise<unknown>
  readonly remove: () => Promise<void>
}

/** A client of an API that is made of its description and nothing else: no network. Answers are held against the
 * description as they come; requests by the compiler alone, because the generator's own check takes a file for text. */
export async function generateClient(document: Record<string, unknown>): Promise<GeneratedClient> {
  await mkdir(FOLDER, { recursive: true })
  const folder = await mkdtemp(join(FOLDER, 'client-'))
  await createClient({
    input: document,
    output: { path: join(folder, 'api'), tsConfigPath: null, module: { extension: '.ts' } },
    plugins: [
      '@hey-api/client-fetch',
      '@hey-api/typescript',
      'zod',
      { name: '@hey-api/sdk', validator: { response: 'zod' } },
    ],
    logs: { level: 'silent', file: false },
  })
  const programs: string[] = []
  return {
    async add(fileName, program) {
      const path = join(folder, 'api', fileName)
      await writeFile(path, program)
      programs.push(path)
    },
    typeFaults() {
      const program = ts.createProgram([join(folder, 'api', 'index.ts'), ...programs], STRICT)
      return ts.getPreEmitDiagnostics(program).map(({ file, start = 0, messageText }) => {
        const line = file === undefined ? 0 : file.getLineAndCharacterOfPosition(start).line + 1
        return `${file?.fileName ?? ''}:${line} ${ts.flattenDiagnosticMessageText(messageText, '\n')}`
      })
    },
    load: (fileName) => import(/* @vite-ignore */ pathToFileURL(join(folder, 'api', fileName)).href),
    remove: () => rm(folder, { recursive: true, force: true }),
  }
}
