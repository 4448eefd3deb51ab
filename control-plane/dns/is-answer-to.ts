import type { DnsQuestion } from './lookups.ts'
import type { DnsMessage } from './packet/dns-packet.ts'

/** RFC 5452 section 9.1: id and question must be those that were asked. A server that cannot read us (FORMERR) may leave out the question. */
export function isAnswerTo(
  asked: { readonly packetId: number; readonly question: DnsQuestion },
  answer: DnsMessage,
): boolean {
  if (!answer.isAnswer || answer.packetId !== asked.packetId) return false
  const { question } = answer
  if (question === undefined) return answer.rcode !== 0
  return question.name === asked.question.name.toLowerCase() && question.type === asked.question.type
}
