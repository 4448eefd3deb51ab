import { createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { CliFailure } from '../cli-failure.ts'
import type { ControlCommand } from '../command.ts'
import { licenseeOption } from './whose.ts'

/** Writes the audit log into a file as it comes: the log of years does not lie in memory. */
export const auditExport: ControlCommand = {
  plane: 'control',
  noun: 'audit',
  verb: 'export',
  summary: 'Write the audit log into a new file',
  positionals: ['FILE'],
  options: {
    licensee: licenseeOption,
    from: { value: 'DAY', help: 'First UTC day' },
    to: { value: 'DAY', help: 'Last UTC day' },
    format: { value: 'FORMAT', help: 'ndjson (default) or csv' },
  },
  async run(control, { positionals: [file = ''], options }) {
    const { licensee, from, to, format } = options
    const asks = { licensee_id: licensee, from, to, format }
    const search = new URLSearchParams()
    for (const [name, value] of Object.entries(asks)) if (value !== undefined) search.set(name, value)
    const bytes = await control.stream(`/audit/export?${search}`)
    try {
      // Never over a file that is there: an older export may be the only one of its days.
      await pipeline(Readable.from(bytes), createWriteStream(file, { flags: 'wx' }))
    } catch (cause) {
      throw CliFailure.refused(`${file} was not written: ${cause instanceof Error ? cause.message : ''}`, { cause })
    }
    return { text: `Written: ${file}`, json: { file } }
  },
}
