import type { ResourceRecordSet } from '@aws-sdk/client-route-53'
import { RECORD_TYPES, type RecordSet } from '../hosted-zones.ts'
import { given, word } from './sdk-call.ts'

/** Route 53 writes what is not a letter, digit, hyphen or underscore as `\` and three octal digits (DNS domain name format). */
export function plainName(name: string): string {
  return name
    .replaceAll(/\\(\d{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)))
    .replace(/\.$/, '')
    .toLowerCase()
}

export function toSdkRecord(record: RecordSet): ResourceRecordSet {
  const shared = { Name: `${record.name}.`, Type: record.type }
  if (record.alias !== undefined)
    return {
      ...shared,
      AliasTarget: {
        DNSName: record.alias.dnsName,
        HostedZoneId: record.alias.hostedZoneId,
        EvaluateTargetHealth: false,
      },
    }
  return { ...shared, TTL: record.ttlSeconds, ResourceRecords: record.values.map((Value) => ({ Value })) }
}

export function fromSdkRecord({ Name, Type, TTL, ResourceRecords, AliasTarget }: ResourceRecordSet): RecordSet {
  const shared = {
    name: plainName(given(Name, 'Name')),
    type: word(RECORD_TYPES, Type, 'the type of a record'),
  }
  if (AliasTarget !== undefined)
    return {
      ...shared,
      alias: {
        dnsName: plainName(given(AliasTarget.DNSName, 'DNSName')),
        hostedZoneId: given(AliasTarget.HostedZoneId, 'HostedZoneId'),
      },
    }
  return { ...shared, ttlSeconds: TTL ?? 0, values: (ResourceRecords ?? []).map(({ Value }) => Value ?? '') }
}
