import { type Dirent, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { DisassembledMail } from '#shared/imip/disassembled-mail.ts'
import { disassembleMail } from '#shared/imip/read/disassemble-mail.ts'
import { compareReaders } from '#shared/imip/read/oracle/compare-readers.ts'
import { REASONS } from '#shared/imip/read/oracle/differences.ts'
import type { Figure } from '../../figures/figure.ts'
import { measureAgainstSimpleParser } from './against-simpleparser.ts'

const GROUP = 'disassemble'
const FIXTURES = join(import.meta.dirname, '../../../shared/imip/read/fixtures')

export type DisassembleOptions = {
  readonly full: boolean
  /** A folder of mails; those ending in .eml are read, its sub-folders too. */
  readonly dir?: string
  /** What the product does with a received mail up to its decision, through the process hop; default: taking apart alone, here. */
  readonly disassemble?: (raw: Uint8Array) => Promise<unknown>
}

/**
 * The group `disassemble`: vs_simpleparser (times as many mails per CPU second as mailparser's simpleParser, median of rounds),
 * scanned_pct (share taken by our own scanner), corpus_unexplained (differences from mailparser without a named RFC reason).
 */
export async function disassembleFigures(options: DisassembleOptions): Promise<readonly Figure[]> {
  const mails = [...emlFiles(FIXTURES), ...(options.dir === undefined ? [] : emlFiles(options.dir))].map((path) =>
    readFileSync(path),
  )
  const run: (raw: Uint8Array) => Promise<unknown> = options.disassemble ?? disassembleMail
  const figures: Figure[] = [
    await scannedShare(mails),
    ...(await differences(mails)),
    ...(await measureAgainstSimpleParser(run, options.full)),
  ]
  return figures
}

function emlFiles(folder: string): readonly string[] {
  const isMail = (entry: Dirent) => entry.isFile() && entry.name.endsWith('.eml')
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter(isMail)
    .map((entry) => join(entry.parentPath, entry.name))
    .sort((a, b) => a.localeCompare(b))
}

async function scannedShare(mails: readonly Uint8Array[]): Promise<Figure> {
  let scanned = 0
  for (const raw of mails) {
    const mail: DisassembledMail = await disassembleMail(raw)
    if (mail.readBy === 'scanner') scanned++
  }
  return { group: GROUP, name: 'scanned_pct', value: (100 * scanned) / mails.length, unit: 'pct' }
}

async function differences(mails: readonly Buffer[]): Promise<readonly Figure[]> {
  const byReason = new Map<string, number>()
  let compared = 0
  for (const raw of mails) {
    const result = await compareReaders(raw)
    if (result.kind === 'declined') continue
    compared++
    for (const { reason } of result.differences) {
      const name = reason ?? 'unexplained'
      byReason.set(name, (byReason.get(name) ?? 0) + 1)
    }
  }
  const count = (name: string) => byReason.get(name) ?? 0
  return [
    { group: GROUP, name: 'corpus_compared', value: compared, unit: 'mails' },
    ...REASONS.map(({ id }) => ({ group: GROUP, name: `corpus_${id}`, value: count(id), unit: 'differences' })),
    { group: GROUP, name: 'corpus_unexplained', value: count('unexplained'), unit: 'differences' },
  ]
}
