import { MailerFailure, type OutgoingMail } from './mailer.ts'

/** SESv2: a whole message, 40 MB. */
const RAW_BYTES_MAX = 40 * 1024 * 1024
/** RFC 5321 §4.5.3.1.3: a path is at most 256 octets with its angle brackets. */
const ADDRESS_BYTES_MAX = 254
/** SES message tag values (SESv2, MessageTag). */
const SEND_ID = /^[A-Za-z0-9_-]{1,256}$/

/** Refuses (`mailer.rejected`) what no mailer may take; CR, LF and NUL in an address would inject SMTP commands. */
export function assertOutgoing(mail: OutgoingMail): void {
  if (!SEND_ID.test(mail.sendId)) throw MailerFailure.rejected('the send id is malformed')
  assertAddress('envelopeTo', mail.envelopeTo)
  if (mail.envelopeFrom !== null) assertAddress('envelopeFrom', mail.envelopeFrom)
  if (mail.raw.byteLength === 0 || mail.raw.byteLength > RAW_BYTES_MAX)
    throw MailerFailure.rejected(`a mail has 1 to ${RAW_BYTES_MAX} bytes`)
}

/** RFC 5321 Mailbox without quoted local parts: nothing that could end the command or start another. */
function assertAddress(name: string, address: string): void {
  const isSane = /^[^\s\p{Cc}<>()[\]\\,;:"@]+@[^\s\p{Cc}<>()\\,;"@]+$/u.test(address)
  if (!isSane || !address.isWellFormed() || Buffer.byteLength(address) > ADDRESS_BYTES_MAX)
    throw MailerFailure.rejected(`${name} is not an address`)
}
