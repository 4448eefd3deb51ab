import type { OutboxSource } from './outbox-source.ts'

/** How far back the newest mail to somebody is looked for. */
const PAGES_MAX = 20

/** The newest mail to an address, in any case; undefined when none of the last 2,000 mails went there. */
export async function findLatest(outbox: OutboxSource, address: string): Promise<string | undefined> {
  const wanted = address.trim().toLowerCase()
  let cursor: string | undefined
  for (let pages = 0; pages < PAGES_MAX; pages += 1) {
    const page = await outbox.list({ limit: 100, ...(cursor === undefined ? {} : { cursor }) })
    const found = page.mails.find((mail) => mail.envelopeTo.toLowerCase() === wanted)
    if (found !== undefined) return found.mailerMessageId
    cursor = page.cursor
    if (cursor === undefined) return undefined
  }
  return undefined
}
