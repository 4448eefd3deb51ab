import type { DnsQuestion, DnsServer } from './lookups.ts'
import type { DnsMessage } from './packet/dns-packet.ts'

/** One try, over either transport; `undefined` answers are told by the reason. */
export type Ask = (
  server: DnsServer,
  asked: { readonly packetId: number; readonly question: DnsQuestion; readonly bytes: Uint8Array },
  timeoutMilliseconds: number,
) => Promise<DnsMessage | 'time_out' | 'unreachable' | 'malformed'>
