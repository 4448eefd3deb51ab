import { type Dirent, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { DisassembledMail } from '#shared/imip/disassembled-mail.ts'
import { disassembleMail } from '#shared/imip/read/disassemble-mail.ts'
import { compareReaders } from '#shared/imip/read/oracle/compare-readers.ts'
import { REASONS } from '#shared/imip/read/oracle/differences.ts'
import type { Figure, FigureOptions } from '../../figures/figure.ts'
import { figuresAgainstPeers } from './against-peers.ts'
import { FIXTURES } from './sample-mails.ts'

const GROUP = 'disassemble'

/**
 * The group `disassemble`: vs_simpleparser (times as many mails per CPU second as mailparser's simpleParser, median of rounds),
 * scanned_pct (share taken by our own scanner), corpus_unexplained (differences from mailparser without a named RFC reason). The
 * last two are of our fixtures and of every .eml below `dir`.
 */
export async function disassembleFigures({ full, dir }: FigureOptions): Promise<readonly Figure[]> {
  const paths = [...emlFiles(FIXTURES), ...(dir === undefined ? [] : emlFiles(dir))]
  const mails = paths.map((path) => readFileSync(path))
  return [await scannedShare(mails), ...(await differences(mails)), ...(await figuresAgainstPeers(full))]
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
