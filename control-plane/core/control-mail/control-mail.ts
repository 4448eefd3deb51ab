import * as z from 'zod'
import type { TableKey } from '#shared/platform/table.ts'

/** One mail of the control plane's own to one person; the row is also the record that it was sent. Times are epoch milliseconds. */
export const ControlMail = z.object({
  controlMailId: z.string(),
  /** What it is about, once for ever: `licence:lic_…:<end of period>:renewal_30`. */
  mailKey: z.string(),
  to: z.string(),
  subject: z.string(),
  text: z.string(),
  html: z.string(),
  /** `sending`: an attempt has begun, and only the mailer knows what became of it. */
  state: z.enum(['planned', 'sending', 'sent', 'refused']),
  attempt: z.number(),
  startedAt: z.number().exactOptional(),
  mailerMessageId: z.string().exactOptional(),
  refusal: z.string().exactOptional(),
  createdAt: z.number(),
})
export type ControlMail = z.infer<typeof ControlMail>

export function controlMailKey(controlMailId: string): TableKey {
  return { pk: `control-mail#${controlMailId}`, sk: 'mail' }
}
