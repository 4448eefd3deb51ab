import PostalMime from 'postal-mime'
import type { ProductClient } from './product-client.ts'

/** A mail of the outbox as a stranger's parser reads it. */
export type SeenMail = {
  readonly mailerMessageId: string
  readonly subject: string
  readonly to: string
  /** The address in From: the attendee's own reply address in an invite. */
  readonly from: string
  readonly calendar?: {
    readonly method: string
    readonly uid: string
    readonly sequence: number
    readonly text: string
  }
}

/** Reads what is new in the outbox since it was last asked, oldest first. */
export type OutboxReader = { readNew(): Promise<readonly SeenMail[]> }

export function createOutboxReader(client: ProductClient): OutboxReader {
  const known = new Set<string>()
  return {
    async readNew() {
      const found = await listNew(client, known)
      const seen: SeenMail[] = []
      for (const mailerMessageId of found.reverse()) {
        seen.push(await readMail(client, mailerMessageId))
        known.add(mailerMessageId)
      }
      return seen
    },
  }
}

/** Ids on the outbox's pages, newest first, until a page brings nothing new. */
async function listNew(client: ProductClient, known: ReadonlySet<string>): Promise<string[]> {
  const found = new Set<string>()
  for (let path: string | undefined = '/outbox'; path !== undefined; ) {
    const page: string = await client.page(path)
    const ids = [...page.matchAll(/href="\/outbox\/([0-9a-f-]{36})"/g)].map(([, id = '']) => id)
    const isAllNew = ids.every((id) => !known.has(id))
    for (const id of ids) if (!known.has(id)) found.add(id)
    path = isAllNew ? /href="(\/outbox\?after=[^"]+)" *>?/.exec(page)?.[1] : undefined
  }
  return [...found]
}

async function readMail(client: ProductClient, mailerMessageId: string): Promise<SeenMail> {
  const mail = await PostalMime.parse(await client.page(`/outbox/${mailerMessageId}/mail.eml`))
  const part = mail.attachments.find(({ mimeType }) => mimeType === 'text/calendar')
  const text = part === undefined ? undefined : textOf(part.content).replace(/\r?\n[ \t]/g, '')
  return {
    mailerMessageId,
    subject: mail.subject ?? '',
    to: mail.to?.[0]?.address ?? '',
    from: mail.from?.address ?? '',
    ...(text === undefined
      ? {}
      : {
          calendar: {
            text,
            method: /^METHOD:(\w+)/m.exec(text)?.[1] ?? '',
            uid: /^UID:(\S+)/m.exec(text)?.[1] ?? '',
            sequence: Number(/^SEQUENCE:(\d+)/m.exec(text)?.[1] ?? 0),
          },
        }),
  }
}

function textOf(content: ArrayBuffer | Uint8Array | string): string {
  return typeof content === 'string' ? content : Buffer.from(new Uint8Array(content)).toString('utf8')
}
