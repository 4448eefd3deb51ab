import { createMailReader } from '#shared/imip/budget/mail-reader.ts'
import type { MailReader } from '#shared/imip/disassembled-mail.ts'
import { disassembleMail } from '#shared/imip/read/disassemble-mail.ts'
import { createPath } from './create-path.ts'
import { factsOfDecision, type InvitationFacts } from './facts.ts'

/** `product`: as it runs, hop included; `without_hop`: the same in one process, which tells what the hop costs. */
export const CONTENDERS = ['product', 'without_hop', 'simpleparser', 'simpleparser_icaljs'] as const
export type ContenderName = (typeof CONTENDERS)[number]

export type Contender = {
  readonly take: (raw: Buffer) => Promise<unknown>
  /** The same work, told in terms that can be compared. */
  readonly facts: (raw: Buffer) => Promise<InvitationFacts>
  readonly close: () => Promise<void>
}

/** Opens one contender; the peers are imported only in the process that measures them. */
export async function openContender(name: ContenderName): Promise<Contender> {
  switch (name) {
    case 'product':
      return byCreatePath(createMailReader({ log: SILENT }))
    case 'without_hop':
      return byCreatePath(await inProcess())
    case 'simpleparser': {
      const { takeBySimpleParser, factsOfPeer } = await import('./peers.ts')
      return { take: takeBySimpleParser, facts: factsOfPeer, close: async () => undefined }
    }
    case 'simpleparser_icaljs': {
      const { takeByBoth, factsOfPeer } = await import('./peers.ts')
      return { take: takeByBoth, facts: factsOfPeer, close: async () => undefined }
    }
  }
}

const SILENT = { info: () => undefined, warn: () => undefined, error: () => undefined, metric: () => undefined }

type Reader = Pick<MailReader, 'disassemble' | 'occurs' | 'close'>

function byCreatePath(reader: Reader): Contender {
  return {
    take: (raw) => createPath(reader, raw),
    facts: async (raw) => factsOfDecision(await createPath(reader, raw)),
    close: () => reader.close(),
  }
}

async function inProcess(): Promise<Reader> {
  const { occursAt } = await import('#shared/icalendar/recurrence/occurs-at.ts')
  return {
    disassemble: async (raw) => ({ kind: 'done', value: await disassembleMail(raw) }),
    occurs: async ({ series, recurrenceKeys }) => ({ kind: 'done', value: occursAt(series, recurrenceKeys) }),
    close: async () => undefined,
  }
}
