import type { Authentication } from '#shared/imip/authentication.ts'
import type { DisassembledMail, MailReader } from '#shared/imip/disassembled-mail.ts'
import { decideIdentity, type Identity } from '#shared/imip/identity/decide-identity.ts'
import { type MayAnswer, mayAnswer } from '#shared/imip/identity/may-answer.ts'
import { decideOrganizer } from '#shared/itip/decide-organizer.ts'
import type { OrganizerDecision } from '#shared/itip/decisions.ts'
import { incomingItips } from '#shared/itip/incoming.ts'
import { occurrenceQuestion } from '#shared/itip/occurrences.ts'

export type CreateDecision = {
  readonly mail: DisassembledMail
  readonly identity: Identity
  readonly answerable: MayAnswer
  readonly decisions: readonly OrganizerDecision[]
}

/** What the receiver says of a mail from a domain with a policy: the common case at `create@`. */
const AUTHENTICATION: Authentication = {
  spf: 'PASS',
  dkim: 'PASS',
  dmarc: 'PASS',
  spam: 'PASS',
  virus: 'PASS',
  envelopeFrom: 'ana@example.com',
  dkimDomains: ['example.com'],
  authorDomain: 'example.com',
  isTrustedLoopback: false,
}

const isOwnAddress = (address: string): boolean => address.endsWith('@events.example.com')

/** A mail to `create@` from its bytes to its decision, as the pipeline takes it, with nothing stored yet; no store is asked. */
export async function createPath(reader: Pick<MailReader, 'disassemble' | 'occurs'>, raw: Uint8Array) {
  const read = await reader.disassemble(raw)
  if (read.kind !== 'done') throw new Error(`a sample mail was not read: ${read.kind}`)
  const mail = read.value
  const incoming = incomingItips(mail.calendars.map(({ calendar }) => calendar))
  const identity = decideIdentity({
    authentication: AUTHENTICATION,
    from: mail.from,
    sender: mail.sender,
    replyTo: mail.replyTo,
    organizer: incoming[0]?.vevents[0]?.organizer,
    confirmedAddresses: [],
    isOwnAddress,
  })
  if (identity.kind !== 'authenticated') throw new Error(`a sample mail has no organizer: ${identity.kind}`)
  const answerable = mayAnswer(mail, AUTHENTICATION, { answerTo: identity.address, isOwnAddress })
  const decisions: OrganizerDecision[] = []
  for (const group of incoming) {
    const question = occurrenceQuestion(group, undefined)
    const answers = question === undefined ? undefined : await reader.occurs(question)
    const occurs = answers?.kind === 'done' ? answers.value : []
    const occurrences = new Map(
      (question?.recurrenceKeys ?? []).map((key, index) => [key, occurs[index] === true] as const),
    )
    decisions.push(
      decideOrganizer({ incoming: group, stored: undefined, who: { address: identity.address }, occurrences }),
    )
  }
  return { mail, identity, answerable, decisions } satisfies CreateDecision
}
