import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { referenceScript } from '#shared/assets/reference-script.ts'
import { REFERENCE_SCRIPT } from '#shared/contracts/side-files.ts'

/** Files that a function reads when somebody asks for them, beside its code and no part of its start. */
const SIDE_FILES: Readonly<Record<string, readonly string[]>> = { front: [REFERENCE_SCRIPT] }

/** Names of a function's side files. */
export function sideFilesOf(name: string): readonly string[] {
  return SIDE_FILES[name] ?? []
}

/** Bytes of every side file by its name, each with its licence. */
export async function sideFiles(): Promise<ReadonlyMap<string, Uint8Array>> {
  const licence = join(import.meta.dirname, '..', '..', 'node_modules/@scalar/fastify-api-reference/LICENSE')
  return new Map([
    [REFERENCE_SCRIPT, await referenceScript()],
    [`${REFERENCE_SCRIPT}.LEGAL.txt`, new Uint8Array(await readFile(licence))],
  ])
}
