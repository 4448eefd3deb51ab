import { createMailReader } from '#shared/imip/budget/mail-reader.ts'
import type { MailReader } from '#shared/imip/disassembled-mail.ts'
import { disassembleMail } from '#shared/imip/read/disassemble-mail.ts'
import type { Contender } from '../side-by-side/serve-runner.ts'
import { factsOfReply, replyPath } from './reply-path.ts'

/** `product`: as it runs, hop included; `without_hop`: the same in one process, which tells what the hop costs. */
export const CONTENDERS = ['product', 'without_hop', 'simpleparser_icaljs'] as const
export type ContenderName = (typeof CONTENDERS)[number]

/** Opens one contender; the peers are imported only in the process that measures them. */
export async function openContender(name: ContenderName): Promise<Contender & { readonly close: () => Promise<void> }> {
  switch (name) {
    case 'product':
      return byReplyPath(createMailReader({ log: SILENT }))
    case 'without_hop':
      return byReplyPath({
        disassemble: async (raw) => ({ kind: 'done', value: await disassembleMail(raw) }),
        close: async () => undefined,
      })
    case 'simpleparser_icaljs': {
      const { takeReplyByBoth } = await import('./peers.ts')
      return { take: takeReplyByBoth, facts: takeReplyByBoth, close: async () => undefined }
    }
  }
}

const SILENT = { info: () => undefined, warn: () => undefined, error: () => undefined, metric: () => undefined }

function byReplyPath(reader: Pick<MailReader, 'disassemble' | 'close'>) {
  return {
    take: (raw: Buffer) => replyPath(reader, raw),
    facts: async (raw: Buffer) => factsOfReply(await replyPath(reader, raw)),
    close: () => reader.close(),
  }
}
