import type { RecordType } from './lookups.ts'

export type RecordPurpose =
  | 'claim'
  | 'inbound_mx'
  | 'dkim'
  | 'mail_from_mx'
  | 'mail_from_spf'
  | 'spf'
  | 'dmarc'
  | 'certificate'
  | 'web_host'
  | 'caa'

/** A record that has to be there. Names are FQDNs, values as in `DnsRecord`. */
export type ExpectedRecord = {
  readonly key: string
  readonly purpose: RecordPurpose
  readonly name: string
  readonly type: Extract<RecordType, 'A' | 'CAA' | 'CNAME' | 'MX' | 'TXT'>
  readonly value: string
}

export const CLAIM_PREFIX = 'convoke-claim='
/** The hosts of a tenant stack: API, pages, apps. */
const WEB_HOSTS = ['api', 'go', 'app'] as const

/** Where a claim's token is looked for. */
export function claimRecordName(domainName: string): string {
  return `_convoke-claim.${domainName}`
}

/**
 * All records of a tenant: what the licensee enters by hand, or what is put into the zone that we hold. Parts that are not known yet (the
 * certificate's validation, the web target) are left out until they are.
 */
export function expectedRecords(input: {
  readonly domainName: string
  readonly claimToken: string
  /** SES's region: where mail comes in and bounces go. */
  readonly region: string
  readonly dkimTokens: readonly string[]
  /** Below the domain: `bounce.<domain>`. */
  readonly mailFromDomainName: string
  /** Whom DMARC reports go to. */
  readonly reportAddress: string
  readonly certificateValidation?: { readonly name: string; readonly value: string }
  readonly webTarget?: { readonly type: 'A' | 'CNAME'; readonly value: string }
}): readonly ExpectedRecord[] {
  const { domainName, region, certificateValidation, webTarget } = input
  const dkim = input.dkimTokens.map(
    (token, at): ExpectedRecord => ({
      key: `dkim_${at + 1}`,
      purpose: 'dkim',
      name: `${token}._domainkey.${domainName}`,
      type: 'CNAME',
      value: `${token}.dkim.amazonses.com`,
    }),
  )
  const mail: readonly ExpectedRecord[] = [
    {
      key: 'claim',
      purpose: 'claim',
      name: claimRecordName(domainName),
      type: 'TXT',
      value: CLAIM_PREFIX + input.claimToken,
    },
    {
      key: 'inbound_mx',
      purpose: 'inbound_mx',
      name: domainName,
      type: 'MX',
      value: `10 inbound-smtp.${region}.amazonaws.com`,
    },
    {
      key: 'mail_from_mx',
      purpose: 'mail_from_mx',
      name: input.mailFromDomainName,
      type: 'MX',
      value: `10 feedback-smtp.${region}.amazonses.com`,
    },
    {
      key: 'mail_from_spf',
      purpose: 'mail_from_spf',
      name: input.mailFromDomainName,
      type: 'TXT',
      value: 'v=spf1 include:amazonses.com ~all',
    },
    { key: 'spf', purpose: 'spf', name: domainName, type: 'TXT', value: 'v=spf1 include:amazonses.com ~all' },
    {
      key: 'dmarc',
      purpose: 'dmarc',
      name: `_dmarc.${domainName}`,
      type: 'TXT',
      value: `v=DMARC1; p=none; rua=mailto:${input.reportAddress}`,
    },
    { key: 'caa', purpose: 'caa', name: domainName, type: 'CAA', value: '0 issue "amazon.com"' },
  ]
  const certificate: readonly ExpectedRecord[] =
    certificateValidation === undefined
      ? []
      : [{ key: 'certificate', purpose: 'certificate', type: 'CNAME', ...certificateValidation }]
  const web = WEB_HOSTS.flatMap((host): readonly ExpectedRecord[] =>
    webTarget === undefined
      ? []
      : [{ key: `web_${host}`, purpose: 'web_host', name: `${host}.${domainName}`, ...webTarget }],
  )
  return [...mail, ...dkim, ...certificate, ...web]
}
