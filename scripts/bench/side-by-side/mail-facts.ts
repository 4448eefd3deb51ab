import type { DisassembledMail } from '#shared/imip/disassembled-mail.ts'

/** What any reader of a mail must have found of it, whatever its calendar says. */
export type MailFacts = {
  readonly messageId: string
  readonly subject: string
  readonly from: string
  readonly text: string
}

export function mailFactsOf({ messageId = '', subject = '', from, text = '' }: DisassembledMail): MailFacts {
  return { messageId, subject, from: from[0]?.address ?? '', text: text.trim() }
}
