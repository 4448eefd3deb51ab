/** What a mail server says of a mail of ours. */
export type MailReport = {
  /** Of the mail that is spoken of: the attempt's own id, from what headers of it come back with the report. */
  readonly sendId: string
} & (
  | {
      readonly kind: 'delivery_status'
      readonly action: 'failed' | 'delayed' | 'delivered' | 'relayed' | 'expanded'
      /** Enhanced status code (RFC 3463), such as `5.1.1`. */
      readonly status: string
    }
  | { readonly kind: 'feedback'; readonly feedbackType: string }
)

/** Reports are a few KB; what comes back with them may be our whole mail. */
const READ_BYTES_MAX = 256 * 1024

const SEND_ID = /^X-Convoke-Send-Id:[ \t]*(snd_[\w.-]{1,190})[ \t]*\r?$/im
/** Our Message-ID is the sendId at our domain, where the mail service leaves it alone (SES writes its own, and tells by its feed). */
const MESSAGE_ID = /^(?:Message-ID|In-Reply-To|References):\s*<(snd_[\w.-]{1,190})@[^>\s]{1,253}>/im
const ACTIONS = ['failed', 'delayed', 'delivered', 'relayed', 'expanded'] as const

/**
 * Reads a delivery status notification (RFC 3464) or an abuse report (RFC 5965) of one mail: the fields of its machine-readable part, and our
 * own header of the mail that it is about, or its Message-ID where only some headers came back. Undefined for one without them. The parts
 * are ASCII by their RFCs, so the text is searched as it is.
 */
export function readReport(raw: Uint8Array): MailReport | undefined {
  const text = Buffer.from(raw.buffer, raw.byteOffset, Math.min(raw.byteLength, READ_BYTES_MAX)).toString('latin1')
  const sendId = (SEND_ID.exec(text) ?? MESSAGE_ID.exec(text))?.[1]
  if (sendId === undefined) return undefined
  const status = fieldsAfter(text, 'message/delivery-status')
  if (status !== undefined) {
    const action = ACTIONS.find((one) => one === fieldOf(status, 'Action')?.toLowerCase())
    const code = /^[245]\.\d{1,3}\.\d{1,3}/.exec(fieldOf(status, 'Status') ?? '')?.[0]
    return action === undefined || code === undefined
      ? undefined
      : { sendId, kind: 'delivery_status', action, status: code }
  }
  const feedback = fieldsAfter(text, 'message/feedback-report')
  const feedbackType = feedback === undefined ? undefined : fieldOf(feedback, 'Feedback-Type')
  return feedbackType === undefined ? undefined : { sendId, kind: 'feedback', feedbackType: feedbackType.toLowerCase() }
}

/** The body of the first part of a type: from its header's end to the next boundary. */
function fieldsAfter(text: string, contentType: string): string | undefined {
  const at = text.toLowerCase().search(new RegExp(`^content-type:[ \\t]*${contentType}`, 'm'))
  if (at < 0) return undefined
  const bodyAt = /\r?\n\r?\n/.exec(text.slice(at))
  if (bodyAt === null) return undefined
  const body = text.slice(at + bodyAt.index + bodyAt[0].length)
  const end = body.search(/^--/m)
  return end < 0 ? body : body.slice(0, end)
}

function fieldOf(fields: string, name: string): string | undefined {
  return new RegExp(`^${name}:[ \\t]*([^\\r\\n;(]{1,200})`, 'im').exec(fields)?.[1]?.trim()
}
