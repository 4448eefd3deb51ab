/** The record types that the checker asks for and the local zone serves. */
export const RECORD_TYPES = ['A', 'AAAA', 'CAA', 'CNAME', 'DS', 'MX', 'NS', 'SOA', 'TXT'] as const
export type RecordType = (typeof RECORD_TYPES)[number]

/**
 * One record. Names are lower case without a final dot (the root is the empty name). Values are as a zone file shows them, names in
 * them likewise: `10 mail.example.com` (MX), `0 issue "amazon.com"` (CAA); a TXT is its text, strings joined and without quotes.
 */
export type DnsRecord = {
  readonly name: string
  readonly type: RecordType
  readonly ttlSeconds: number
  readonly value: string
}

export type DnsQuestion = { readonly name: string; readonly type: RecordType }

export type DnsServer = { readonly address: string; readonly port: number }

/** What a server answered, whatever it was. */
export type DnsAnswer = {
  readonly kind: 'answered'
  /** RFC 1035 section 4.1.1: 0 no error, 2 server failure, 3 no such name, 5 refused. */
  readonly rcode: number
  readonly isAuthoritative: boolean
  readonly answers: readonly DnsRecord[]
  readonly authority: readonly DnsRecord[]
  readonly additional: readonly DnsRecord[]
}

export type LookupResult =
  | DnsAnswer
  | { readonly kind: 'failed'; readonly reason: 'time_out' | 'unreachable' | 'malformed' }

export const RCODE = {
  noError: 0,
  formatError: 1,
  serverFailure: 2,
  noSuchName: 3,
  notImplemented: 4,
  refused: 5,
} as const

/** Asks one server one question; never throws for what the network or the server does. */
export interface DnsLookups {
  /** With `isRecursive` a resolver is asked to find out; without, a server says what it knows itself. */
  ask(server: DnsServer, question: DnsQuestion, options: { readonly isRecursive: boolean }): Promise<LookupResult>
}
