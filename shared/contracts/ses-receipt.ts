import * as z from 'zod'
import type { AuthenticationRecord, MailReceived } from './notices.ts'

/** SES writes null, or nothing, for what it has not looked at. */
const VerdictOfSes = z
  .object({ status: z.string() })
  .nullish()
  .transform((said) => said ?? undefined)

/** Part of keys, and never a path: SES documents no form of it. */
export const SesMessageId = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9-]{0,127}$/)

/**
 * What SES publishes when a receipt rule's S3 action has stored a mail (SES, "Contents of notifications for Amazon SES email
 * receiving"). Loose on extras: SES adds fields.
 */
export const SesReceipt = z.object({
  notificationType: z.literal('Received'),
  mail: z.object({
    timestamp: z.string(),
    /** MAIL FROM; `MAILER-DAEMON` or `<>` forms are seen for the null reverse-path. */
    source: z
      .string()
      .nullish()
      .transform((source) => source ?? ''),
    messageId: SesMessageId,
    commonHeaders: z.object({ from: z.array(z.string()).nullish() }).nullish(),
  }),
  receipt: z.object({
    /** RCPT TO of the envelope that matched the rule: the only word on whom the mail is for. */
    recipients: z.array(z.string()).min(1),
    spfVerdict: VerdictOfSes,
    dkimVerdict: VerdictOfSes,
    dmarcVerdict: VerdictOfSes,
    spamVerdict: VerdictOfSes,
    virusVerdict: VerdictOfSes,
  }),
})
export type SesReceipt = z.infer<typeof SesReceipt>

/** Our id of a mail that SES received: its messageId, so that the same notice names the same row however often it comes. */
export function mailIdOfSes(messageId: string): string {
  return `mail_${messageId}`
}

/**
 * The notice of a received mail from SES's own receipt. `recipients` replaces the receipt's when a router names those of one tenant
 * alone. The receipt does not say which domain signed: `dkimDomains` is empty, and the stored bytes are asked where that matters.
 */
export function mailReceivedOf(
  sesReceipt: SesReceipt,
  stored: { readonly sizeBytes: number; readonly recipients?: readonly string[] },
): MailReceived {
  const { mail, receipt } = sesReceipt
  return {
    mailId: mailIdOfSes(mail.messageId),
    receivedAt: Date.parse(mail.timestamp),
    sizeBytes: stored.sizeBytes,
    envelopeFrom: reversePathOf(mail.source),
    recipients: [...(stored.recipients ?? receipt.recipients)],
    authentication: authenticationOf(sesReceipt),
  }
}

type Authentication = z.infer<typeof AuthenticationRecord>

function authenticationOf({ mail, receipt }: SesReceipt): Authentication {
  const authorDomain = authorDomainOf(mail.commonHeaders?.from ?? [])
  return {
    spf: verdict(receipt.spfVerdict),
    dkim: verdict(receipt.dkimVerdict),
    dmarc: dmarcOf(verdict(receipt.dmarcVerdict), authorDomain),
    spam: scanVerdict(receipt.spamVerdict),
    virus: scanVerdict(receipt.virusVerdict),
    envelopeFrom: reversePathOf(mail.source),
    dkimDomains: [],
    ...(authorDomain === undefined ? {} : { authorDomain }),
    isTrustedLoopback: false,
  }
}

type Verdict = Authentication['dmarc']

/**
 * A PASS of a From that names no one domain speaks of nobody we can tell: our parser and SES's may read two addresses in one hostile
 * field, and the PASS of the sender's own domain must not vouch for the other.
 */
function dmarcOf(said: Verdict, authorDomain: string | undefined): Verdict {
  return said === 'PASS' && authorDomain === undefined ? 'PROCESSING_FAILED' : said
}

const VERDICTS: ReadonlyMap<string, Verdict> = new Map([
  ['PASS', 'PASS'],
  ['FAIL', 'FAIL'],
  ['GRAY', 'GRAY'],
])

/** Anything that is not a word we know counts as "could not be checked". */
function verdict(said: { readonly status: string } | undefined): Verdict {
  return VERDICTS.get(said?.status.toUpperCase() ?? '') ?? 'PROCESSING_FAILED'
}

/** DISABLED: the rule does not scan, so nothing is known. */
function scanVerdict(said: { readonly status: string } | undefined): Verdict {
  return said?.status.toUpperCase() === 'DISABLED' ? 'GRAY' : verdict(said)
}

/** `''` for the null reverse-path (RFC 5321 §4.5.5), however SES writes it. */
function reversePathOf(source: string): string {
  const path = source
    .trim()
    .replace(/^<(.*)>$/, '$1')
    .toLowerCase()
  return path === 'mailer-daemon' ? '' : path
}

/** The one domain that From names, which SES evaluated DMARC for; undefined when it names none or several. */
function authorDomainOf(from: readonly string[]): string | undefined {
  const [only] = from
  if (only === undefined || from.length > 1) return undefined
  // A display name, comment or route may hold an @ too: only where all say the same is anything claimed.
  const domains = new Set([...only.matchAll(/@([^\s<>@,:;"()]+)/g)].map(([, domainName]) => domainName?.toLowerCase()))
  return domains.size === 1 ? [...domains][0] : undefined
}
