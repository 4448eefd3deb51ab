import type { CheckedRecipient } from './checked-recipient.ts'
import { addressAfter, mailboxHeader, rawHeader } from './headers.ts'

/** Carries the send's id inside the mail, so that whoever sees the mail finds the attempt in the ledger. */
export const SEND_ID_HEADER = 'X-Convoke-Send-Id'

/** The header fields that differ from mail to mail, with CRLF: From to the send's id. */
export function inviteHeaders(
  { fromStart, subjectHeader }: { readonly fromStart: string; readonly subjectHeader: string },
  recipient: CheckedRecipient,
  dateHeader: string,
): string {
  const { unsubscribeUrl, unsubscribeMailto } = recipient.links
  return [
    `${fromStart}${addressAfter(fromStart, recipient.replyAddress)}\r\n`,
    mailboxHeader('To', recipient),
    subjectHeader,
    `Message-ID: <${recipient.messageId}>\r\n`,
    dateHeader,
    `${SEND_ID_HEADER}: ${recipient.sendId}\r\n`,
    unsubscribeUrl === undefined ? '' : unsubscribeHeaders(unsubscribeUrl, unsubscribeMailto),
  ].join('')
}

/** RFC 8058 one-click; the link must answer a POST without a cookie. The mail address (RFC 2369) is for clients that know no other way. */
function unsubscribeHeaders(url: string, mailto: string | undefined): string {
  const ways = mailto === undefined ? `<${url}>` : `<${url}>, <mailto:${mailto}>`
  return `${rawHeader('List-Unsubscribe', ways)}List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n`
}
