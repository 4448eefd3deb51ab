import { defineFailures } from '#shared/errors/failure.ts'

export type OutgoingMail = {
  /** Names this one attempt; the tag by which events and `lookup` find it. */
  readonly sendId: string
  /** SMTP MAIL FROM; null for the null reverse-path. */
  readonly envelopeFrom: string | null
  /** SMTP RCPT TO: exactly one, one recipient per mail. */
  readonly envelopeTo: string
  /** The whole MIME message, CRLF line ends, at most 40 MB. */
  readonly raw: Uint8Array
}

/** What became of an attempt: `unknown` means the mailer cannot say (yet). */
export type SendFate =
  | { readonly fate: 'accepted'; readonly mailerMessageId: string }
  | { readonly fate: 'not_accepted' }
  | { readonly fate: 'unknown' }

export const MailerFailure = defineFailures('mailer', {
  /** Refused for good (bad address, 5xx): the same mail will never be taken. */
  rejected: { status: 422, retry: false },
  /** Definitely not taken, may be tried again later (4xx, throttled). */
  throttled: { status: 429, retry: true },
  /** Nobody knows whether it was taken (time-out or broken connection after the data was sent). */
  ambiguous: { status: 502, retry: false },
})

/** Hands one mail to the world (SESv2 SendEmail raw, SMTP, or the outbox); never retries by itself. */
export interface Mailer {
  /** Resolves when taken: the taker's own message id. Throws a MailerFailure otherwise. */
  send(mail: OutgoingMail): Promise<{ readonly mailerMessageId: string }>
  lookup(sendId: string): Promise<SendFate>
  /**
   * Blanks the kept copies of mails that `isOf` knows, one page behind `cursor`, and tells how many; absent where no copies are kept. What
   * `lookup` tells of them stays.
   */
  blank?(
    isOf: (mail: { readonly envelopeTo: string; readonly raw: Uint8Array }) => boolean,
    cursor?: string,
  ): Promise<Blanked>
}

export type Blanked = { readonly blanked: number; readonly cursor?: string }
