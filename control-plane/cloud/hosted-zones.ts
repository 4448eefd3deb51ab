import type { Tags } from './tags.ts'

export type HostedZone = {
  /** Without `/hostedzone/`. */
  readonly hostedZoneId: string
  /** Lower case, without the dot at its end. */
  readonly domainName: string
  /** What `create` was called with: as good a proof of whose it is as the tags, and there before them. */
  readonly callerReference: string
}

export const RECORD_TYPES = ['A', 'AAAA', 'CAA', 'CNAME', 'DS', 'MX', 'NS', 'PTR', 'SOA', 'SRV', 'TXT'] as const
export type RecordType = (typeof RECORD_TYPES)[number]

/** All values of one name and type. Names are lower case, without the dot at the end, a wildcard as `*`. */
export type RecordSet = {
  readonly name: string
  readonly type: RecordType
} & (
  | { readonly ttlSeconds: number; readonly values: readonly string[]; readonly alias?: never }
  /** An alias record has no values and no TTL of its own. */
  | { readonly alias: { readonly dnsName: string; readonly hostedZoneId: string }; readonly values?: never }
)

export type RecordChange = { readonly action: 'CREATE' | 'UPSERT' | 'DELETE'; readonly record: RecordSet }

/** Route 53 ChangeResourceRecordSets: elements of one request, where an UPSERT counts twice; and characters of all values. */
export const CHANGE_ELEMENTS_MAX = 1000
export const CHANGE_CHARACTERS_MAX = 32_000

/** Amazon Route 53 (https://docs.aws.amazon.com/Route53/latest/APIReference/): 5 calls a second for the whole account. */
export interface HostedZones {
  /**
   * CreateHostedZone: the same `callerReference` a second time throws `exists`, and is then to be found by `find`. It takes no tags:
   * `tag` is the next call. Throws `quota`, `invalid` (the name), `conflict` (no delegation set has room for the name).
   */
  create(input: {
    readonly callerReference: string
    readonly domainName: string
  }): Promise<HostedZone & { readonly nameServers: readonly string[]; readonly changeId: string }>
  /** Public zones of exactly this name, whosever they are. */
  find(domainName: string): Promise<readonly HostedZone[]>
  read(hostedZoneId: string): Promise<(HostedZone & { readonly nameServers: readonly string[] }) | undefined>
  tag(input: { readonly hostedZoneId: string; readonly tags: Tags }): Promise<void>
  tagsOf(hostedZoneId: string): Promise<Tags | undefined>
  /** One batch, all or nothing; `conflict` while the zone's batch before it is not taken, `invalid` when a change cannot be made. */
  changeRecords(input: {
    readonly hostedZoneId: string
    readonly changes: readonly RecordChange[]
  }): Promise<{ readonly changeId: string }>
  /** INSYNC: every server of the zone answers so. */
  changeStatus(changeId: string): Promise<'PENDING' | 'INSYNC' | undefined>
  /** All of them, the zone's own NS and SOA too; undefined when there is no such zone. */
  records(hostedZoneId: string): Promise<readonly RecordSet[] | undefined>
  /** `in_use` while it holds more than its own NS and SOA. */
  delete(hostedZoneId: string): Promise<void>
}
