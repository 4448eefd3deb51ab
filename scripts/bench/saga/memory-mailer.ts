import type { Mailer } from '#shared/platform/mailer.ts'

export type SentMail = { readonly sendId: string; readonly to: string; readonly subject: string; readonly text: string }

/** Takes every mail and remembers it, so that who asks what became of one is told. */
export function createMemoryMailer(): { readonly mailer: Mailer; readonly sent: readonly SentMail[] } {
  const sent: SentMail[] = []
  return {
    sent,
    mailer: {
      async send({ sendId, envelopeTo, raw }) {
        const text = unquoted(Buffer.from(raw).toString('latin1'))
        const subject = /^Subject: (.*(?:\r\n[ \t].*)*)/m.exec(text)?.[1] ?? ''
        sent.push({ sendId, to: envelopeTo, subject: subject.replaceAll(/\r\n[ \t]/g, ' '), text })
        return { mailerMessageId: sendId }
      },
      async lookup(sendId) {
        const isTaken = sent.some((mail) => mail.sendId === sendId)
        return isTaken ? { fate: 'accepted', mailerMessageId: sendId } : { fate: 'unknown' }
      },
    },
  }
}

/** Quoted-printable (RFC 2045 §6.7), of ASCII alone. */
function unquoted(text: string): string {
  return text
    .replaceAll(/=\r\n/g, '')
    .replaceAll(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
}

/** Mails that left more than once: whatever the attempt, the id before it is the mail's. */
export function mailDoubles(sent: readonly SentMail[]): number {
  return sent.length - new Set(sent.map(({ sendId }) => sendId.replace(/_\d+$/, ''))).size
}
