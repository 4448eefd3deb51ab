import { assertOutgoing } from '../mail-rules.ts'
import { type Mailer, MailerFailure, type OutgoingMail } from '../mailer.ts'
import { createSmtpPool, type Lease } from './smtp-pool.ts'
import type { SmtpAnswer } from './smtp-session.ts'

export type SmtpMailerOptions = {
  readonly host: string
  readonly port: number
  /** TLS from the first byte (port 465). */
  readonly secure?: boolean
  readonly auth?: { readonly user: string; readonly pass: string }
  readonly connectionsMax?: number
  /** Seconds of silence before a connection counts as lost. */
  readonly timeoutSeconds?: number
  readonly idleSeconds?: number
  readonly name?: string
}

export type SmtpMailer = Mailer & { readonly close: () => void }

/** A Mailer over an SMTP relay. It cannot look up what became of a mail. */
export function createSmtpMailer(options: SmtpMailerOptions): SmtpMailer {
  const { connectionsMax = 5, idleSeconds = 30, secure = false, timeoutSeconds = 60, ...server } = options
  const pool = createSmtpPool({ ...server, secure, timeoutSeconds }, { connectionsMax, idleSeconds })

  async function attempt(mail: OutgoingMail): Promise<SmtpAnswer> {
    const { session, isReused } = await take()
    try {
      const answer = await session.send(mail)
      // The server may have dropped a resting connection; nothing was said of the mail yet, so a new one may be tried.
      const isStale = isReused && answer.kind === 'failed' && !answer.dataBegan && answer.responseCode === undefined
      if (!isStale || answer.isRefusedHere) return answer
    } finally {
      pool.give(session)
    }
    return attempt(mail)
  }

  async function take(): Promise<Lease> {
    try {
      return await pool.take()
    } catch (error) {
      throw MailerFailure.throttled('the SMTP relay cannot be reached', { cause: error })
    }
  }

  return {
    async send(mail) {
      assertOutgoing(mail)
      const answer = await attempt(mail)
      if (answer.kind === 'failed') throw failureOf(answer)
      return { mailerMessageId: queueId(answer.response) ?? mail.sendId }
    },
    lookup: async () => ({ fate: 'unknown' }),
    close() {
      pool.close()
    },
  }
}

/** RFC 5321 §4.2.1: 5yz is for good, 4yz for now; without an answer to DATA nobody knows. */
function failureOf(answer: Extract<SmtpAnswer, { kind: 'failed' }>): unknown {
  const { responseCode, dataBegan, isRefusedHere, cause } = answer
  const said = responseCode === undefined ? '' : ` (${responseCode})`
  // 503 speaks of the session's state, not of the mail.
  if (isRefusedHere || (responseCode !== undefined && responseCode >= 500 && responseCode !== 503))
    return MailerFailure.rejected(`the SMTP relay refused the mail${said}`, { cause })
  if (dataBegan && (responseCode === undefined || responseCode < 400))
    return MailerFailure.ambiguous('the connection was lost after the mail was sent', { cause })
  return MailerFailure.throttled(`the SMTP relay did not take the mail${said}`, { cause })
}

/** Most relays name the mail in their answer: `250 2.0.0 Ok: queued as 4F1E2`. */
function queueId(response: string): string | undefined {
  return /queued as <?([\w.@+-]{1,200})/i.exec(response)?.[1]
}
