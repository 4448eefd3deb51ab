import type { DisassembledMail } from '#shared/imip/disassembled-mail.ts'

/** Why a mail holds no calendar we can read: the most telling of its signs. */
export function unreadableReason(mail: DisassembledMail): string {
  const [first] = mail.unreadable
  if (first !== undefined) return first.reason
  if (mail.hasTnef) return 'winmail_dat'
  if (mail.isEncrypted) return 'encrypted'
  return 'not_a_calendar'
}
