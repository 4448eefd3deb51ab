import { compileInvite } from '#shared/imip/compose/compile-invite.ts'
import type { InviteRecipient, InviteRevision } from '#shared/imip/invite-revision.ts'
import type { Build } from './peers.ts'

export const CONTENDERS = ['splice', 'buffer_concat', 'nodemailer_icalgenerator', 'nodemailer_icaljs'] as const
export type Contender = (typeof CONTENDERS)[number]

/** The builder of one contender; the peers are imported only in the process that measures them. */
export async function builderOf(
  contender: Contender,
  revision: InviteRevision,
  recipients: readonly InviteRecipient[],
): Promise<Build> {
  switch (contender) {
    case 'splice':
      return spliceOf(revision)
    case 'buffer_concat':
      return bufferConcat(revision, recipients)
    case 'nodemailer_icalgenerator':
      return (await import('./peers.ts')).nodemailerIcalGenerator(revision)
    case 'nodemailer_icaljs':
      return (await import('./peers.ts')).nodemailerIcalJs(revision)
  }
}

function spliceOf(revision: InviteRevision): (recipient: InviteRecipient) => Buffer {
  const compiled = compileInvite(revision)
  return (recipient) => compiled.splice(recipient)
}

/**
 * The floor: the same octets, everything personal already encoded, only to be joined. What attendees have in common is one
 * buffer for all, so that it is as near to the processor as it is for the composer.
 */
function bufferConcat(revision: InviteRevision, recipients: readonly InviteRecipient[]): Build {
  const splice = spliceOf(revision)
  const common = new Map<string, Buffer>()
  const shared = (piece: Buffer): Buffer => {
    const text = piece.toString('latin1')
    const known = common.get(text) ?? piece
    common.set(text, known)
    return known
  }
  const pieces = recipients.map((recipient) => cut(splice(recipient)).map(shared))
  return (_, index) => Buffer.concat(pieces[index] ?? [])
}

const BODY = Buffer.from('Auto-Submitted:')
const CALENDAR_END = Buffer.from('\r\n--=_a_')
const CALENDAR = Buffer.from('QkVHSU46VkNBTEVOREFS')

/** Own headers, body, own calendar lines, the rest up to the attached copy's own lines, these, and the end. */
function cut(mail: Buffer): Buffer[] {
  const calendar = mail.indexOf(CALENDAR)
  const own = ownLines(mail, calendar)
  const copy = ownLines(mail, mail.indexOf(CALENDAR, mail.indexOf(CALENDAR_END, own.to)))
  const cuts = [0, mail.indexOf(BODY), own.from, own.to, copy.from, copy.to, mail.length]
  return cuts.slice(1).map((end, index) => Buffer.from(mail.subarray(cuts[index], end)))
}

/** Between the two short lines inside a calendar: the end of what is prepared, and the end of what is personal. */
function ownLines(mail: Buffer, calendar: number): { readonly from: number; readonly to: number } {
  const from = firstShortLineEnd(mail, calendar)
  return { from, to: firstShortLineEnd(mail, from) }
}

function firstShortLineEnd(mail: Buffer, from: number): number {
  for (let at = from; ; ) {
    const end = mail.indexOf('\r\n', at) + 2
    if (end < at || end - at < 78) return end
    at = end
  }
}
