import type { CheckedRecipient } from './checked-recipient.ts'
import { addressAfter, displayName, mailboxHeader, rawHeader, textHeader } from './headers.ts'
import { mailDate } from './mail-date.ts'
import { cutAtSlots, slotValue } from './slots.ts'

/** Carries the send's id inside the mail, so that whoever sees the mail finds the attempt in the ledger. */
export const SEND_ID_HEADER = 'X-Convoke-Send-Id'

/** The header fields that differ from mail to mail, as latin1 text with CRLF: From to Date. */
export function inviteHeaders(
  organizerName: string,
  subject: string,
): (sendId: string, checked: CheckedRecipient, dateMs: number) => string {
  const fromStart = `From: ${displayName(organizerName, 6)}`
  const subjectOf = subjectHeader(subject)
  const dateOf = rememberedDate()
  return (sendId, checked, dateMs) => {
    const unsubscribeUrl = checked.links.unsubscribeUrl
    const from = `${fromStart}${addressAfter(fromStart, checked.replyAddress)}\r\n`
    const ids = `Message-ID: <${checked.messageId}>\r\n${dateOf(dateMs)}${SEND_ID_HEADER}: ${sendId}\r\n`
    const unsubscribe = unsubscribeUrl === undefined ? '' : unsubscribeHeaders(unsubscribeUrl)
    return from + toHeader(checked) + subjectOf(checked) + ids + unsubscribe
  }
}

function toHeader(checked: CheckedRecipient): string {
  const { isSimple, name, address } = checked
  if (!isSimple || name === '') return mailboxHeader('To', checked)
  const start = `To: "${name}"`
  return `${start}${start.length + address.length + 3 > 78 ? '\r\n ' : ' '}<${address}>\r\n`
}

/** RFC 8058 one-click; the link must answer a POST without a cookie. */
function unsubscribeHeaders(url: string): string {
  const link = rawHeader('List-Unsubscribe', `<${url}>`)
  return `${link}List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n`
}

function subjectHeader(subject: string): (checked: CheckedRecipient) => string {
  const { texts, slots } = cutAtSlots(subject)
  if (slots.length === 0) {
    const fixed = textHeader('Subject', texts.join(''))
    return () => fixed
  }
  return (checked) => {
    const values = slots.map((slot) => slotValue(slot, checked))
    return textHeader('Subject', texts.map((text, index) => text + (values[index] ?? '')).join(''))
  }
}

/** Many mails are written within one second. */
function rememberedDate(): (dateMs: number) => string {
  let second = Number.NaN
  let header = ''
  return (dateMs) => {
    if (Math.floor(dateMs / 1000) !== second) {
      second = Math.floor(dateMs / 1000)
      header = `Date: ${mailDate(dateMs)}\r\n`
    }
    return header
  }
}
