import * as z from 'zod'
import { AuthenticationRecord } from '#shared/contracts/notices.ts'

/** What became of one mail for one of our mailboxes: exactly one of these, with a reason, for ever. */
export const MailOutcome = z.object({
  kind: z.enum(['acted', 'needs_confirmation', 'ignored', 'quarantined']),
  /** A word from the product's list: `created`, `updated`, `duplicate_mail`, `not_a_calendar`, … */
  reason: z.string(),
  /** What the sender was, or will be, told. */
  answer: z.enum(['nothing', 'created_mail', 'list_mail', 'failed_mail', 'confirmation_link', 'report_mail']),
  eventIds: z.array(z.string()),
  detail: z.string().optional(),
})
export type MailOutcome = z.infer<typeof MailOutcome>

export const PendingNotice = z.object({ topicName: z.string(), body: z.string() })

/** What the receiver knows of a mail; its bytes lie in Blobs. */
export const InboundMail = z.object({
  mailId: z.string(),
  receivedAt: z.number(),
  sizeBytes: z.number(),
  envelopeFrom: z.string(),
  recipients: z.array(z.string()),
  /** Its notice was lost: found by the sweep, without verdicts and envelope. A late notice makes up for it. */
  isSwept: z.boolean().optional(),
  authentication: AuthenticationRecord,
})
export type InboundMail = z.infer<typeof InboundMail>

/** One row of the inbound ledger: a mail for one recipient, routed and then decided. */
export const InboundDelivery = z.object({
  mailId: z.string(),
  recipient: z.string(),
  mailbox: z.string(),
  receivedAt: z.number(),
  state: z.enum(['routed', 'decided']),
  /** How often reading it blew the budget or killed the reader. */
  readFailures: z.number().optional(),
  /** How often it was opened to be decided anew; whoever decided an earlier turn has nothing to say in this one. */
  turn: z.number().optional(),
  /** Set when the From address has confirmed this very mail. */
  confirmedAddress: z.string().optional(),
  from: z.string().optional(),
  /** Message-ID of the mail, for the header In-Reply-To of an answer. */
  messageId: z.string().optional(),
  subject: z.string().optional(),
  outcome: MailOutcome.optional(),
  /** Notices promised with the outcome, published after it. */
  notices: z.array(PendingNotice).optional(),
})
export type InboundDelivery = z.infer<typeof InboundDelivery>

export function inboundMailKey(mailId: string) {
  return { pk: `mail#${mailId}`, sk: 'meta' }
}

export function inboundDeliveryKey(mailId: string, recipient: string) {
  return { pk: `mail#${mailId}`, sk: `to#${recipient}` }
}

/** Rows of received mail are kept as long as the raw bytes and the sender may ask: 13 months (retention rule). */
export const INBOUND_ROW_SECONDS = 400 * 24 * 3600
