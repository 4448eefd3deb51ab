import * as z from 'zod'
import { SesSendEvent } from './ses-send-event.ts'

/** Received originals lie under this prefix, one object each. */
export const INBOUND_PREFIX = 'inbound/'

const Verdict = z.enum(['PASS', 'FAIL', 'GRAY', 'PROCESSING_FAILED'])

/** What is known of a mail's origin (`shared/imip/authentication.ts`), as notices and rows carry it. */
export const AuthenticationRecord = z.object({
  spf: Verdict,
  dkim: Verdict,
  dmarc: Verdict,
  spam: Verdict,
  virus: Verdict,
  envelopeFrom: z.string(),
  dkimDomains: z.array(z.string()),
  authorDomain: z.string().exactOptional(),
  isTrustedLoopback: z.boolean(),
})

/** One accepted mail: its bytes lie in Blobs under `inboundBlobKey(mailId)`. */
export const MailReceived = z.object({
  mailId: z.string(),
  /** Epoch milliseconds. */
  receivedAt: z.number(),
  sizeBytes: z.number(),
  envelopeFrom: z.string(),
  recipients: z.array(z.string()),
  /** The receiver's verdicts when it has them (SES); absent: made from `origin`. */
  authentication: AuthenticationRecord.optional(),
  /** Who handed the mail over; absent for swept mail, which counts as unauthenticated. */
  origin: z.object({ remoteAddress: z.string(), helo: z.string() }).optional(),
})
export type MailReceived = z.infer<typeof MailReceived>

/** One mail for one of our mailboxes. */
export const MailRouted = z.object({ mailId: z.string(), recipient: z.string() })
export type MailRouted = z.infer<typeof MailRouted>

export const EventCreated = z.object({ eventId: z.string(), mailId: z.string(), recipient: z.string() })
export type EventCreated = z.infer<typeof EventCreated>

/** The sender is told: what was wrong, or how to confirm. */
export const CreateFailed = z.object({
  mailId: z.string(),
  recipient: z.string(),
  to: z.string(),
  reason: z.string(),
  /** Which of the mail's events failed; 0 when the mail as a whole did. */
  ordinal: z.number(),
  /** Of a list that came by mail. */
  fileName: z.string().exactOptional(),
})
export type CreateFailed = z.infer<typeof CreateFailed>

export const ConfirmationNeeded = z.object({ mailId: z.string(), recipient: z.string(), to: z.string() })
export type ConfirmationNeeded = z.infer<typeof ConfirmationNeeded>

/** A new revision of an event: its audience must hear of it. */
export const EventRevised = z.object({ eventId: z.string(), sequence: z.number() })
export type EventRevised = z.infer<typeof EventRevised>

/** Up to 100 mails of one revision, or one single invite, are due. */
export const ChunkDue = z.object({ chunkId: z.string() })
export type ChunkDue = z.infer<typeof ChunkDue>

/** A list of people has to be checked, or planned further. */
export const ListDue = z.object({ listId: z.string() })
export type ListDue = z.infer<typeof ListDue>

/** What is held about a person is to be erased or written out: walked, as lists are, and by the function that walks those. */
export const PersonDue = z.object({ jobId: z.string() })
export type PersonDue = z.infer<typeof PersonDue>

/** A short mail to an organizer, named by its ledger. */
export const NoticeDue = z.object({ noticeId: z.string() })
export type NoticeDue = z.infer<typeof NoticeDue>

/** The report of an event is due to its organizer; with the mail that asked for it, if one did. */
export const ReportDue = z.object({
  reportId: z.string(),
  eventId: z.string(),
  mailId: z.string().exactOptional(),
  recipient: z.string().exactOptional(),
})
export type ReportDue = z.infer<typeof ReportDue>

/** The organizer took a proposed time over: the event has to be moved. */
export const ProposalAccepted = z.object({ proposalId: z.string() })
export type ProposalAccepted = z.infer<typeof ProposalAccepted>

/** A message for a tenant's own server is to be attempted. */
export const WebhookDue = z.object({ webhookId: z.string(), deliveryId: z.string() })
export type WebhookDue = z.infer<typeof WebhookDue>

/** Which body travels on which topic: the one table of the wiring's shapes. */
export const noticeOf = {
  'mail-received': MailReceived,
  'mail-create': MailRouted,
  'mail-reply': MailRouted,
  'create-failed': CreateFailed,
  'confirmation-needed': ConfirmationNeeded,
  'event-created': EventCreated,
  'event-updated': EventRevised,
  'event-cancelled': EventRevised,
  'invitation-requested': ChunkDue,
  'chunk-planned': ChunkDue,
  'list-due': z.union([ListDue, PersonDue]),
  'notice-due': NoticeDue,
  'report-due': ReportDue,
  'proposal-accepted': ProposalAccepted,
  'webhook-due': WebhookDue,
  'send-events': SesSendEvent,
} as const

export type TopicName = keyof typeof noticeOf
export type NoticeBody<T extends TopicName> = z.infer<(typeof noticeOf)[T]>

/**
 * Where a received mail's bytes lie: the part of its id behind `mail_`. SES puts its prefix, a slash and its messageId together, and
 * for mail that SES received that part is the messageId.
 */
export function inboundBlobKey(mailId: string): string {
  return `${INBOUND_PREFIX}${mailId.replace(/^mail_/, '')}`
}
