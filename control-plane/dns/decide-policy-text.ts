import type { Verdict } from './observation.ts'

const SES_INCLUDE = 'include:amazonses.com'

/** SPF (RFC 7208): one record, our senders in it, not open to everybody. */
export function decideSpf(values: readonly string[]): Verdict {
  // RFC 7208 section 4.5: the version is a word of its own.
  const records = values.filter((value) => /^v=spf1( |$)/i.test(value))
  const [record] = records
  if (record === undefined) return { state: 'waiting', code: 'missing', found: [] }
  if (records.length > 1) return { state: 'wrong', code: 'several', found: records }
  const terms = record.toLowerCase().split(/\s+/)
  if (terms.includes('+all') || terms.includes('all')) return { state: 'wrong', code: 'spf_open', found: records }
  const names = terms.some((term) => term.replace(/^[+]/, '') === SES_INCLUDE)
  return names
    ? { state: 'ok', code: 'correct', found: records }
    : { state: 'wrong', code: 'spf_without_ses', found: records }
}

const POLICIES = ['none', 'quarantine', 'reject']
const ALIGNMENTS = ['r', 's']

/** DMARC (RFC 7489): one record (section 6.6.3), a policy, and tags that can be read. Any policy of the licensee's own is right. */
export function decideDmarc(values: readonly string[]): Verdict {
  const records = values.filter((value) => /^v\s*=\s*DMARC1\s*(;|$)/i.test(value))
  const [record] = records
  if (record === undefined) {
    const strays = values.filter((value) => /dmarc/i.test(value))
    return strays.length === 0
      ? { state: 'waiting', code: 'missing', found: [] }
      : { state: 'wrong', code: 'dmarc_bad_tag', found: strays }
  }
  if (records.length > 1) return { state: 'wrong', code: 'several', found: records }
  return areTagsGood(record)
    ? { state: 'ok', code: 'correct', found: records }
    : { state: 'wrong', code: 'dmarc_bad_tag', found: records }
}

function areTagsGood(record: string): boolean {
  const tags = new Map<string, string>()
  for (const part of record.split(';').map((text) => text.trim())) {
    if (part === '') continue
    const [, tag = '', value = ''] = /^(\w+)\s*=\s*(.+)$/.exec(part) ?? []
    if (tag === '' || tags.has(tag.toLowerCase())) return false
    tags.set(tag.toLowerCase(), value.trim().toLowerCase())
  }
  const isOneOf = (tag: string, allowed: readonly string[]): boolean =>
    allowed.includes(tags.get(tag) ?? allowed[0] ?? '')
  const percent = tags.get('pct')
  const reports = ['rua', 'ruf'].flatMap((tag) => tags.get(tag)?.split(',') ?? [])
  return (
    tags.has('p') &&
    isOneOf('p', POLICIES) &&
    isOneOf('sp', POLICIES) &&
    isOneOf('adkim', ALIGNMENTS) &&
    isOneOf('aspf', ALIGNMENTS) &&
    (percent === undefined || (/^\d{1,3}$/.test(percent) && Number(percent) <= 100)) &&
    reports.every((report) => /^\s*(mailto|https?):\S+\s*$/.test(report))
  )
}
