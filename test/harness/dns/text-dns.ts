import type { DnsAnswer, DnsRecord, LookupResult } from '#control-plane/dns/lookups.ts'
import { createDns, type Dns } from '#control-plane/dns/resolvers.ts'

export type TextDns = {
  readonly dns: Dns
  /** Shows a TXT at a name; `resolvers`: only so many of the three see it. */
  readonly enter: (name: string, value: string, resolvers?: number) => void
  readonly alias: (name: string, target: string) => void
  readonly remove: (name: string) => void
  /** From now on no resolver answers, or they do again. */
  readonly silence: (isSilent: boolean) => void
  /** Names that were asked for since it was last read. */
  readonly asked: () => readonly string[]
}

const RESOLVERS = [1, 2, 3].map((port) => ({ address: '192.0.2.53', port }))

/** TXT records in memory as three resolvers see them; nothing else exists. */
export function createTextDns(): TextDns {
  const records = new Map<string, { readonly record: DnsRecord; readonly resolvers: number }[]>()
  let isSilent = false
  let asked: string[] = []
  const add = (record: DnsRecord, resolvers: number) =>
    void records.set(record.name, [...(records.get(record.name) ?? []), { record, resolvers }])

  function recordsAt(name: string, port: number): readonly DnsRecord[] {
    const found = (records.get(name) ?? []).filter(({ resolvers }) => port <= resolvers).map(({ record }) => record)
    const targets = found.filter(({ type }) => type === 'CNAME').flatMap(({ value }) => recordsAt(value, port))
    return [...found, ...targets]
  }

  function answer(name: string, port: number): LookupResult {
    if (isSilent) return { kind: 'failed', reason: 'time_out' }
    const answers = recordsAt(name, port)
    const none: DnsAnswer = {
      kind: 'answered',
      rcode: 3,
      isAuthoritative: false,
      answers: [],
      authority: [],
      additional: [],
    }
    return answers.length === 0 ? none : { ...none, rcode: 0, answers }
  }

  return {
    dns: createDns({
      lookups: {
        ask(server, { name }) {
          asked.push(name)
          return Promise.resolve(answer(name, server.port))
        },
      },
      resolvers: RESOLVERS,
      addressOf: () => Promise.resolve([]),
    }),
    enter: (name, value, resolvers = RESOLVERS.length) => add({ name, type: 'TXT', ttlSeconds: 60, value }, resolvers),
    alias: (name, target) => add({ name, type: 'CNAME', ttlSeconds: 60, value: target }, RESOLVERS.length),
    remove: (name) => void records.delete(name),
    silence(next) {
      isSilent = next
    },
    asked() {
      const names = asked
      asked = []
      return names
    },
  }
}
