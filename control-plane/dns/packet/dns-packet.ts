import * as dnsPacket from 'dns-packet'
import * as z from 'zod'
import { type DnsQuestion, type DnsRecord, RECORD_TYPES } from '../lookups.ts'
import { dataFrom, dataText } from './record-data.ts'

/** The payload that passes every path unfragmented (DNS flag day 2020; RFC 9715 section 3.2). */
export const UDP_BYTES_MAX = 1232
/** What a server may send to those who say nothing (RFC 1035 section 4.2.1). */
const PLAIN_UDP_BYTES_MAX = 512
/** RFC 1035 section 2.3.4, in the dotted form. */
const NAME_BYTES_MAX = 253
/** RFC 1035 section 4.1.1: the TC bit in byte 2; the counts of records after that of questions; the header's length. */
const TRUNCATED_BIT = 0x02
const COUNTS_AT = 6
const HEADER_BYTES = 12
const LABEL_BYTES_MAX = 63

/** A packet as both sides need it. */
export type DnsMessage = {
  readonly packetId: number
  readonly isAnswer: boolean
  readonly isAuthoritative: boolean
  readonly isTruncated: boolean
  readonly isRecursive: boolean
  readonly rcode: number
  /** Absent when the packet has none or more than one, or asks for a type or class we do not know. */
  readonly question?: DnsQuestion
  /** What the sender takes by UDP; 512 without EDNS0 (RFC 6891 section 6.2.3). */
  readonly udpBytesMax: number
  readonly answers: readonly DnsRecord[]
  readonly authority: readonly DnsRecord[]
  readonly additional: readonly DnsRecord[]
}

const QuestionType = z.enum(RECORD_TYPES)

/** Reads a packet; undefined for anything that is none. The one door to dns-packet, which throws whatever it likes. */
export function readPacket(bytes: Uint8Array): DnsMessage | undefined {
  return decoded(Buffer.from(bytes)) ?? decodedHead(bytes)
}

function decoded(bytes: Buffer): DnsMessage | undefined {
  try {
    return messageOf(dnsPacket.decode(bytes))
  } catch (error) {
    if (error instanceof Error) return undefined
    throw error
  }
}

/** A truncated answer may end in the middle of a record: its header and question are still good. */
function decodedHead(bytes: Uint8Array): DnsMessage | undefined {
  const isTruncated = ((bytes[2] ?? 0) & TRUNCATED_BIT) !== 0
  if (!isTruncated || bytes.length < HEADER_BYTES) return undefined
  const head = Buffer.from(bytes)
  head.fill(0, COUNTS_AT, HEADER_BYTES)
  return decoded(head)
}

function messageOf(packet: dnsPacket.DecodedPacket): DnsMessage {
  const [question, ...others] = packet.questions ?? []
  const type = QuestionType.safeParse(question?.type)
  // Bytes that are no UTF-8 grow when decoded: a name that no longer fits is none of ours and is not written back.
  const isPlain =
    question !== undefined && others.length === 0 && question.class === 'IN' && isPacketName(lowerName(question.name))
  const edns = packet.additionals?.find((answer) => answer.type === 'OPT')
  return {
    packetId: packet.id ?? 0,
    isAnswer: packet.flag_qr,
    isAuthoritative: packet.flag_aa,
    isTruncated: packet.flag_tc,
    isRecursive: packet.flag_rd,
    rcode: (packet.flags ?? 0) & 0xf,
    ...(isPlain && type.success ? { question: { name: lowerName(question.name), type: type.data } } : {}),
    udpBytesMax: Math.max(PLAIN_UDP_BYTES_MAX, edns?.type === 'OPT' ? edns.udpPayloadSize : 0),
    answers: recordsOf(packet.answers),
    authority: recordsOf(packet.authorities),
    additional: recordsOf(packet.additionals),
  }
}

function recordsOf(answers: readonly dnsPacket.Answer[] = []): readonly DnsRecord[] {
  return answers.flatMap((answer) => {
    const type = QuestionType.safeParse(answer.type)
    if (!type.success || answer.type === 'OPT' || (answer.class ?? 'IN') !== 'IN') return []
    const value = dataText(answer)
    // RFC 2181 section 8: a TTL with its highest bit set is to be read as 0.
    const ttlSeconds = (answer.ttl ?? 0) > 0x7fffffff ? 0 : (answer.ttl ?? 0)
    return value === undefined ? [] : [{ name: lowerName(answer.name), type: type.data, ttlSeconds, value }]
  })
}

/** Lower case, no final dot; the root is the empty name. */
export function lowerName(name: string): string {
  return name.replace(/\.$/, '').toLowerCase()
}

/** True for a name that fits into a packet. */
export function isPacketName(name: string): boolean {
  return (
    name === '' ||
    (Buffer.byteLength(name) <= NAME_BYTES_MAX &&
      name.split('.').every((label) => label !== '' && Buffer.byteLength(label) <= LABEL_BYTES_MAX))
  )
}

/** Writes a question with EDNS0 (unless `isPlain`, for servers that refuse it). The name must be an `isPacketName`. */
export function writeQuestion(
  packetId: number,
  question: DnsQuestion,
  options: { readonly isRecursive: boolean; readonly isPlain?: boolean },
): Uint8Array {
  return dnsPacket.encode({
    type: 'query',
    id: packetId,
    flags: options.isRecursive ? dnsPacket.RECURSION_DESIRED : 0,
    questions: [{ name: question.name === '' ? '.' : question.name, type: question.type, class: 'IN' }],
    ...(options.isPlain === true ? {} : { additionals: [edns()] }),
  })
}

/** Writes an answer to a packet that was read; the truncated one carries no records. */
export function writeAnswer(
  asked: DnsMessage,
  answer: Pick<DnsMessage, 'rcode' | 'isAuthoritative' | 'answers' | 'authority' | 'additional'> & {
    readonly isTruncated?: boolean
    readonly isRecursionAvailable?: boolean
  },
): Uint8Array {
  const { question } = asked
  const isTruncated = answer.isTruncated === true
  const flags =
    (answer.isAuthoritative ? dnsPacket.AUTHORITATIVE_ANSWER : 0) |
    (isTruncated ? dnsPacket.TRUNCATED_RESPONSE : 0) |
    (asked.isRecursive ? dnsPacket.RECURSION_DESIRED : 0) |
    (answer.isRecursionAvailable === true ? dnsPacket.RECURSION_AVAILABLE : 0) |
    answer.rcode
  return dnsPacket.encode({
    type: 'response',
    id: asked.packetId,
    flags,
    questions: question === undefined ? [] : [{ ...question, name: question.name || '.', class: 'IN' }],
    answers: isTruncated ? [] : answer.answers.map(answerOf),
    authorities: isTruncated ? [] : answer.authority.map(answerOf),
    additionals: isTruncated ? [edns()] : [...answer.additional.map(answerOf), edns()],
  })
}

function answerOf(record: DnsRecord): dnsPacket.Answer {
  return dataFrom(record)
}

function edns(): dnsPacket.OptAnswer {
  return {
    type: 'OPT',
    name: '.',
    udpPayloadSize: UDP_BYTES_MAX,
    extendedRcode: 0,
    ednsVersion: 0,
    flags: 0,
    flag_do: false,
    options: [],
  }
}
