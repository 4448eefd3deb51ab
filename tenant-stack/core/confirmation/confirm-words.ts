import { words } from '../mail-template/language.ts'

export type ConfirmWords = (typeof words.confirmations)['invitation']

/** What is confirmed, in words: an invitation to `create@`, a list to `lists@`, or a mail to `reports@`; by the mailbox that the mail was for. */
export function confirmWords(mailbox: string): ConfirmWords {
  const { invitation, report, list } = words.confirmations
  if (mailbox === 'reports') return report
  return mailbox === 'lists' ? list : invitation
}
