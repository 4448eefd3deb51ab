import { readFile } from 'node:fs/promises'
import { ReleaseManifest } from '#shared/contracts/release.ts'
import { CliFailure } from '../cli-failure.ts'
import type { ControlCommand } from '../command.ts'
import { showOne } from './show.ts'

/** Takes a published release into the ledger. */
export const releaseAdd: ControlCommand = {
  plane: 'control',
  noun: 'release',
  verb: 'add',
  summary: 'Make a published release known',
  positionals: ['MANIFEST'],
  options: {
    'at-first': { value: 'NUMBER', help: 'Tenants that a cell holds of it, as npm run synth says', isRequired: true },
    raised: { value: 'NUMBER', help: 'The same with raised quotas', isRequired: true },
  },
  act: 'undoable',
  async run(control, { positionals: [file = ''], options }) {
    const manifest = await readManifest(file)
    const capacity = { at_first: Number(options['at-first']), raised: Number(options.raised) }
    const json = await control.api('/releases', { method: 'POST', body: { manifest, capacity } })
    return { text: showOne(json), json }
  },
}

async function readManifest(file: string): Promise<ReleaseManifest> {
  try {
    return ReleaseManifest.parse(JSON.parse(await readFile(file, 'utf8')))
  } catch (cause) {
    throw CliFailure.usage(`${file} is not the manifest of a release`, { cause })
  }
}
