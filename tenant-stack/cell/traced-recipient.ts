import { readSesTrace } from './ses-trace.ts'

/**
 * Whom a mail without receipt was for, by SES's own Received field: the topmost one, which says that SES took the mail under the very id
 * the object is named by. A sender cannot know that id, so he cannot have written the field.
 */
export function tracedRecipient(raw: Uint8Array, sesMessageId: string): string | undefined {
  const received = readSesTrace(raw).fields.find(({ name }) => name === 'received')?.text
  if (received === undefined) return undefined
  const unfolded = received.replaceAll(/\s+/g, ' ')
  const traced =
    /.* by inbound-smtp\.[a-z0-9-]+\.amazonaws\.com with \S+ id ([\w-]+) for <?([^\s<>;]+@[^\s<>;]+?)>? ?; [^;]*$/
  const [, sesId, recipient] = traced.exec(unfolded) ?? []
  return sesId === sesMessageId ? recipient : undefined
}
