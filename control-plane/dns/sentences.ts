import type { Observation, Verdict, WhoActs } from './observation.ts'

type Facts = Pick<Observation, 'key' | 'name' | 'type' | 'expected'> & { readonly verdict: Verdict }
type Row = { readonly whoActs: WhoActs; readonly say: (facts: Facts) => string }

const nobody = (say: Row['say']): Row => ({ whoActs: 'nobody', say })
const licensee = (say: Row['say']): Row => ({ whoActs: 'licensee', say })
const vendor = (say: Row['say']): Row => ({ whoActs: 'vendor', say })

const list = (values: readonly string[]): string => (values.length === 0 ? 'nothing' : values.join(', '))
const foundOf = ({ verdict }: Facts): string => list(verdict.found)
const expectedOf = ({ expected }: Facts): string => list(expected)
const until = ({ verdict }: Facts): string =>
  verdict.ttlSeconds === undefined || verdict.ttlSeconds < 60
    ? ''
    : ` Servers may keep the old answer for up to ${durationWords(verdict.ttlSeconds)}.`

/** One sentence for each outcome; what is said to the licensee is written here and nowhere else. */
const ROWS: Readonly<Record<string, Row>> = {
  correct: nobody(({ name, type }) => `${type} of ${name} is as it should be.`),
  none: licensee(
    (facts) => `${facts.name} is not delegated yet: add NS records for it with ${expectedOf(facts)}.${until(facts)}`,
  ),
  partial: licensee(
    (facts) =>
      `Only some of the name servers are entered for ${facts.name}. Enter all of ${expectedOf(facts)}.${until(facts)}`,
  ),
  mixed: licensee(
    (facts) =>
      `${facts.name} has name servers that are not ours. Leave only ${expectedOf(facts)}; found: ${foundOf(facts)}.${until(facts)}`,
  ),
  former: licensee(
    (facts) =>
      `${facts.name} points at name servers that we gave you before. They have changed: enter ${expectedOf(facts)}.${until(facts)}`,
  ),
  foreign: licensee(
    (facts) => `${facts.name} is delegated to ${foundOf(facts)}. Replace these by ${expectedOf(facts)}.${until(facts)}`,
  ),
  lame: vendor(
    ({ name }) =>
      `The delegation is right, but our name servers do not answer for ${name} yet. We look into it; you need not do anything.`,
  ),
  cname_conflict: licensee(
    (facts) =>
      `There is a CNAME at ${facts.name} (to ${foundOf(facts)}). A name with a CNAME can have no other records: delete it.${until(facts)}`,
  ),
  ds_present: licensee(
    ({ name }) =>
      `There is a DS record for ${name}, left from an earlier set-up with DNSSEC. Delete it: as long as it is there nobody can look up names below ${name}.`,
  ),
  spreading: nobody((facts) => `The change is made; not all of the Internet sees it yet.${until(facts)}`),
  missing: licensee(
    (facts) =>
      `${facts.type} of ${facts.name} is not there yet. Add it with the value ${expectedOf(facts)}.${until(facts)}`,
  ),
  name_doubled: licensee(
    (facts) =>
      `The record was entered as ${foundOf(facts)}: your provider adds the domain itself. Enter the short name instead.`,
  ),
  target_doubled: licensee(
    (facts) =>
      `The value became ${foundOf(facts)}: your provider added your domain to it. Enter ${expectedOf(facts)}, if need be with a dot at the end.${until(facts)}`,
  ),
  other_value: licensee(
    (facts) =>
      `${facts.type} of ${facts.name} has another value (${foundOf(facts)}). Change it to ${expectedOf(facts)}.${until(facts)}`,
  ),
  several: licensee(
    (facts) =>
      `${facts.name} has more than one such record (${foundOf(facts)}); receivers then use none of them. Leave one: ${expectedOf(facts)}.${until(facts)}`,
  ),
  mx_conflict: licensee(
    (facts) =>
      `Besides ours ${facts.name} has other mail servers (${foundOf(facts)}), so that mail would be lost between them. Leave only ${expectedOf(facts)}.${until(facts)}`,
  ),
  mx_foreign: licensee(
    (facts) =>
      `Mail of ${facts.name} goes to ${foundOf(facts)}. Use a name of its own for invites, or change the MX to ${expectedOf(facts)}.${until(facts)}`,
  ),
  spf_without_ses: licensee(
    (facts) =>
      `The SPF record of ${facts.name} does not name our senders. Add include:amazonses.com to it; found: ${foundOf(facts)}.${until(facts)}`,
  ),
  spf_open: licensee(
    (facts) =>
      `The SPF record of ${facts.name} lets everybody send (+all). Let it end in ~all or -all; found: ${foundOf(facts)}.${until(facts)}`,
  ),
  dmarc_bad_tag: licensee(
    (facts) =>
      `The DMARC record of ${facts.name} cannot be read by receivers (${foundOf(facts)}). It starts with v=DMARC1; and needs p=none, p=quarantine or p=reject.${until(facts)}`,
  ),
  proxied: licensee(
    ({ name }) =>
      `${name} is switched to a proxy (Cloudflare's orange cloud), which hides the record. Switch it to "DNS only".`,
  ),
  ipv6_leftover: licensee(
    (facts) =>
      `${facts.name} has an AAAA record (${foundOf(facts)}) from before, so that part of your visitors would land elsewhere. Delete it.${until(facts)}`,
  ),
  caa_forbids: licensee(
    (facts) =>
      `CAA records allow no certificate from Amazon for ${facts.name} (${foundOf(facts)}). Add CAA 0 issue "amazon.com".${until(facts)}`,
  ),
  caa_inherited: licensee(
    (facts) =>
      `CAA records of a name above allow no certificate from Amazon (${foundOf(facts)}). Add CAA 0 issue "amazon.com" at ${facts.name}.${until(facts)}`,
  ),
  caa_overruled: nobody(
    ({ name }) =>
      `CAA records of a name above do not name Amazon; the one that we place at ${name} does, and it goes before them.`,
  ),
  no_caa: nobody(({ name }) => `No CAA records stand in the way of a certificate for ${name}.`),
  parent_unknown: nobody(
    ({ name }) => `We cannot find out which name servers ${name} is delegated from. We try again.`,
  ),
}

const cannotCheckRow = nobody(
  ({ name, verdict }) =>
    `We could not look at ${name} just now (${UNSEEN[verdict.code] ?? 'no clear answer'}). That says nothing about your records; we try again.`,
)

const UNSEEN: Readonly<Record<string, string>> = {
  time_out: 'no answer in time',
  unreachable: 'the name server cannot be reached',
  malformed: 'the answer could not be read',
  servfail: 'the name server reports a failure of its own',
  refused: 'the name server refuses to answer',
}

/** Adds to a verdict what it means and who acts. */
export function observationOf(
  what: Pick<Observation, 'key' | 'name' | 'type' | 'expected'>,
  verdict: Verdict,
): Observation {
  const facts: Facts = { ...what, verdict: { ...verdict, found: verdict.found.map(shown) } }
  const row = ROWS[verdict.code] ?? cannotCheckRow
  const { state, code, ttlSeconds } = verdict
  return {
    ...what,
    state,
    code,
    found: facts.verdict.found,
    sentence: row.say(facts),
    whoActs: row.whoActs,
    ...(ttlSeconds === undefined ? {} : { ttlSeconds }),
  }
}

/** As much of a stranger's record as fits into a sentence. */
const SHOWN_CHARACTERS = 200

/** What strangers put into DNS is shown without control characters and not at any length. */
function shown(value: string): string {
  const text = value.replace(/[\p{Cc}\p{Cf}]/gu, '?')
  return text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text
}

/** `4 h`, `15 min`, rounded up: a promise that is kept. */
export function durationWords(seconds: number): string {
  const minutes = Math.ceil(seconds / 60)
  if (minutes < 60) return `${minutes} min`
  const hours = Math.ceil(minutes / 60)
  return hours < 48 ? `${hours} h` : `${Math.ceil(hours / 24)} days`
}
