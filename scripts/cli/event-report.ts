import { randomUUID } from 'node:crypto'
import { open, rename, rm } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { ReportView } from '#shared/contracts/reports-api.ts'
import { CliFailure } from './cli-failure.ts'
import type { TenantCommand } from './command.ts'

export const eventReport: TenantCommand = {
  noun: 'event',
  verb: 'report',
  summary: 'Have the attendees of an event mailed to its organizer as CSV, or write them to a file',
  positionals: ['EVENT_ID'],
  options: { out: { value: 'FILE', help: 'Write the CSV here, addresses unmasked, and mail nothing' } },
  async run(product, { positionals: [eventId = ''], options: { out } }) {
    const path = `/events/${encodeURIComponent(eventId)}`
    if (out !== undefined) {
      await writeFrom(await product.stream(`${path}/report.csv`), out)
      return { text: `Written to ${out}.`, json: { event_id: eventId, file: out } }
    }
    const report = ReportView.parse(
      await product.api(`${path}/reports`, { method: 'POST', headers: { 'idempotency-key': randomUUID() } }),
    )
    return { text: `The report goes to the organizer of the event by mail.\n${report.id}`, json: report }
  },
}

/** Readable by nobody else, because it holds addresses; under its name only once it is whole. */
async function writeFrom(csv: AsyncIterable<Uint8Array>, file: string): Promise<void> {
  const unfinished = `${file}.part`
  const handle = await open(unfinished, 'w', 0o600).catch((cause: unknown) => {
    throw CliFailure.usage(`${file} cannot be written`, { cause })
  })
  try {
    await pipeline(csv, handle.createWriteStream())
  } catch (cause) {
    await rm(unfinished, { force: true })
    throw CliFailure.refused('The report broke off: nothing was written', { cause })
  }
  await rename(unfinished, file)
}
