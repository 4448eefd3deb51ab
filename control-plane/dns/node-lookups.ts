import { randomInt } from 'node:crypto'
import { askTcp } from './ask-tcp.ts'
import { askUdp } from './ask-udp.ts'
import type { DnsLookups, DnsQuestion, DnsServer, LookupResult } from './lookups.ts'
import { RCODE } from './lookups.ts'
import { type DnsMessage, isPacketName, writeQuestion } from './packet/dns-packet.ts'

/** A resolver that has to ask others answers within this; a second try then covers one lost datagram. */
const TIMEOUT_MILLISECONDS = 2500
const TRIES = 2

/** Looks up by UDP, and by TCP what did not fit (RFC 7766), from a fresh random port and with a random id each time. */
export function createNodeLookups(
  options: { readonly timeoutMilliseconds?: number; readonly tries?: number } = {},
): DnsLookups {
  const { timeoutMilliseconds = TIMEOUT_MILLISECONDS, tries = TRIES } = options

  async function tryOnce(server: DnsServer, question: DnsQuestion, isRecursive: boolean, isPlain: boolean) {
    const packetId = randomInt(0x10000)
    const asked = { packetId, question, bytes: writeQuestion(packetId, question, { isRecursive, isPlain }) }
    const answer = await askUdp(server, asked, timeoutMilliseconds)
    if (typeof answer === 'string' || !answer.isTruncated) return answer
    return askTcp(server, asked, timeoutMilliseconds)
  }

  return {
    async ask(server, question, { isRecursive }) {
      if (!isPacketName(question.name)) return { kind: 'failed', reason: 'malformed' }
      let isPlain = false
      let last: LookupResult = { kind: 'failed', reason: 'time_out' }
      for (let attempt = 1; attempt <= tries; attempt += 1) {
        const answer = await tryOnce(server, question, isRecursive, isPlain)
        if (typeof answer === 'string') {
          last = { kind: 'failed', reason: answer }
          continue
        }
        last = resultOf(answer)
        // RFC 6891 section 7: a server without EDNS answers FORMERR or NOTIMP; it is asked again without.
        isPlain = answer.rcode === RCODE.formatError || answer.rcode === RCODE.notImplemented
        if (!isPlain) return last
      }
      return last
    },
  }
}

function resultOf(answer: DnsMessage): LookupResult {
  const { rcode, isAuthoritative, answers, authority, additional } = answer
  return { kind: 'answered', rcode, isAuthoritative, answers, authority, additional }
}
