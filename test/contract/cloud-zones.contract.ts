import { describe, expect, it } from 'vitest'
import type { HostedZones, RecordChange, RecordSet } from '#control-plane/cloud/hosted-zones.ts'
import { type CloudSubject, demand, TAGS, until } from './cloud-subject.ts'
import { expectFailure, freshName } from './contract-case.ts'

const text = (name: string, ...values: readonly string[]): RecordSet => ({ name, type: 'TXT', ttlSeconds: 300, values })
const upsert = (record: RecordSet): RecordChange => ({ action: 'UPSERT', record })

export function describeZones(subject: () => CloudSubject): void {
  const zones = (): HostedZones => subject().cloud.at(subject().place).hostedZones

  async function opened(stem: string) {
    const domainName = `${freshName(stem)}.example.com`
    return zones().create({ callerReference: `cp#ten_a#${domainName}#1`, domainName })
  }

  /** The zone's records without its own NS and SOA. */
  async function recordsOf(hostedZoneId: string, domainName: string) {
    const all = demand(await zones().records(hostedZoneId))
    return all.filter(({ name, type }) => name !== domainName || (type !== 'NS' && type !== 'SOA'))
  }

  describe('hosted zones', () => {
    it('a new zone has four name servers, which it keeps, and is found by its name', async () => {
      const { hostedZoneId, domainName, callerReference, nameServers } = await opened('new')
      expect(new Set(nameServers).size).toBe(4)
      const zone = { hostedZoneId, domainName, callerReference }
      expect(await zones().read(hostedZoneId)).toEqual({ ...zone, nameServers })
      const found = await until(
        subject(),
        () => zones().find(domainName),
        (seen) => seen.length > 0,
      )
      expect(found).toEqual([zone])
    })

    it('the same caller reference makes no second zone', async () => {
      const { domainName, callerReference } = await opened('reference')
      await expectFailure(zones().create({ domainName, callerReference }), 'cloud.exists')
      const found = await until(
        subject(),
        () => zones().find(domainName),
        (seen) => seen.length > 0,
      )
      expect(found).toHaveLength(1)
    })

    it('a caller reference stays used when its zone is gone', async () => {
      const { hostedZoneId, domainName, callerReference } = await opened('used-up')
      await zones().delete(hostedZoneId)
      await expectFailure(zones().create({ domainName, callerReference }), 'cloud.exists')
    })

    it('two zones of one name are two, with other name servers', async () => {
      const first = await opened('twin')
      const second = await zones().create({ domainName: first.domainName, callerReference: freshName('twin') })
      expect(second.hostedZoneId).not.toBe(first.hostedZoneId)
      expect(second.nameServers.toSorted()).not.toEqual(first.nameServers.toSorted())
      const found = await until(
        subject(),
        () => zones().find(first.domainName),
        (seen) => seen.length > 1,
      )
      expect(found.map(({ hostedZoneId }) => hostedZoneId).toSorted()).toEqual(
        [first.hostedZoneId, second.hostedZoneId].toSorted(),
      )
    })

    it('tags are added and read back', async () => {
      const { hostedZoneId } = await opened('tagged')
      expect(await zones().tagsOf(hostedZoneId)).toEqual({})
      await zones().tag({ hostedZoneId, tags: TAGS })
      await zones().tag({ hostedZoneId, tags: { more: 'x' } })
      expect(await zones().tagsOf(hostedZoneId)).toEqual({ ...TAGS, more: 'x' })
    })

    it('a batch of records is pending, then in sync, and is read back as it was written', async () => {
      const { hostedZoneId, domainName } = await opened('batch')
      const records: readonly RecordSet[] = [
        { name: `*.${domainName}`, type: 'A', ttlSeconds: 60, values: ['192.0.2.1', '192.0.2.2'] },
        { name: `_dmarc.${domainName}`, type: 'TXT', ttlSeconds: 300, values: ['"v=DMARC1; p=none"'] },
        { name: `a._domainkey.${domainName}`, type: 'CNAME', ttlSeconds: 300, values: ['a.dkim.amazonses.com'] },
        { name: domainName, type: 'MX', ttlSeconds: 300, values: ['10 inbound-smtp.eu-central-1.amazonaws.com'] },
        { name: domainName, type: 'CAA', ttlSeconds: 300, values: ['0 issue "amazon.com"'] },
      ]
      const { changeId } = await zones().changeRecords({ hostedZoneId, changes: records.map(upsert) })
      expect(await zones().changeStatus(changeId)).toBe('PENDING')
      await until(
        subject(),
        () => zones().changeStatus(changeId),
        (status) => status === 'INSYNC',
      )
      const read = await recordsOf(hostedZoneId, domainName)
      expect(read.toSorted(byName)).toEqual(records.toSorted(byName))
    })

    it('an upsert replaces, and the same upsert again changes nothing', async () => {
      const { hostedZoneId, domainName } = await opened('upsert')
      for (const value of ['"a"', '"b"', '"b"'])
        await zones().changeRecords({ hostedZoneId, changes: [upsert(text(domainName, value))] })
      expect(await recordsOf(hostedZoneId, domainName)).toEqual([text(domainName, '"b"')])
    })

    it('of a batch with one change that cannot be made nothing is made', async () => {
      const { hostedZoneId, domainName } = await opened('whole')
      await zones().changeRecords({ hostedZoneId, changes: [upsert(text(domainName, '"a"'))] })
      const changes: readonly RecordChange[] = [
        upsert(text(`x.${domainName}`, '"x"')),
        { action: 'CREATE', record: text(domainName, '"b"') },
      ]
      await expectFailure(zones().changeRecords({ hostedZoneId, changes }), 'cloud.invalid')
      expect(await recordsOf(hostedZoneId, domainName)).toEqual([text(domainName, '"a"')])
    })

    it('a record is deleted by its exact values alone', async () => {
      const { hostedZoneId, domainName } = await opened('exact')
      await zones().changeRecords({ hostedZoneId, changes: [upsert(text(domainName, '"a"'))] })
      const remove = (record: RecordSet) =>
        zones().changeRecords({ hostedZoneId, changes: [{ action: 'DELETE', record }] })
      await expectFailure(remove(text(domainName, '"b"')), 'cloud.invalid')
      await expectFailure(remove(text(`y.${domainName}`, '"a"')), 'cloud.invalid')
      await remove(text(domainName, '"a"'))
      expect(await recordsOf(hostedZoneId, domainName)).toEqual([])
    })

    it('what Route 53 refuses is invalid', async () => {
      const { hostedZoneId, domainName } = await opened('refused')
      const many = Array.from({ length: 501 }, (_, at) => upsert(text(`n${at}.${domainName}`, '"x"')))
      const cname = { name: domainName, type: 'CNAME', ttlSeconds: 300, values: ['example.org'] } as const
      const refused: readonly (readonly RecordChange[])[] = [
        many,
        [upsert(cname)],
        [upsert(text(`x.not-${domainName}`, '"x"'))],
        [upsert(text(domainName, 'without quotes'))],
      ]
      for (const changes of refused)
        await expectFailure(zones().changeRecords({ hostedZoneId, changes }), 'cloud.invalid')
      expect(await recordsOf(hostedZoneId, domainName)).toEqual([])
    })

    it('more records than one page are all listed', async () => {
      const { hostedZoneId, domainName } = await opened('pages')
      const records = Array.from({ length: 320 }, (_, at) => text(`n${at}.${domainName}`, '"x"'))
      await zones().changeRecords({ hostedZoneId, changes: records.map(upsert) })
      expect(await recordsOf(hostedZoneId, domainName)).toHaveLength(320)
    })

    it('a zone with records is not deleted; an empty one is, and once more without harm', async () => {
      const { hostedZoneId, domainName } = await opened('emptied')
      await zones().changeRecords({ hostedZoneId, changes: [upsert(text(domainName, '"a"'))] })
      await expectFailure(zones().delete(hostedZoneId), 'cloud.in_use')
      const changes: readonly RecordChange[] = [{ action: 'DELETE', record: text(domainName, '"a"') }]
      await zones().changeRecords({ hostedZoneId, changes })
      await zones().delete(hostedZoneId)
      await zones().delete(hostedZoneId)
      expect(await zones().read(hostedZoneId)).toBeUndefined()
      expect(await zones().find(domainName)).toEqual([])
    })

    it('of a zone that is not there reads say undefined and writes gone', async () => {
      const hostedZoneId = 'Z00000000000000000000'
      expect(await zones().read(hostedZoneId)).toBeUndefined()
      expect(await zones().records(hostedZoneId)).toBeUndefined()
      expect(await zones().changeStatus('C00000000000000000000')).toBeUndefined()
      const changes = [upsert(text('example.com', '"a"'))]
      await expectFailure(zones().changeRecords({ hostedZoneId, changes }), 'cloud.gone')
    })

    it('another account does not see the zone', async () => {
      const { hostedZoneId, domainName } = await opened('foreign')
      const others = subject().cloud.at(subject().otherPlace).hostedZones
      expect(await others.read(hostedZoneId)).toBeUndefined()
      expect(await others.find(domainName)).toEqual([])
    })

    it('the quota counts what is there', async () => {
      const { quotas } = subject().cloud.at(subject().place)
      const before = await quotas.read('hosted_zones')
      await opened('counted')
      const after = await quotas.read('hosted_zones')
      expect(after.used).toBe(before.used + 1)
      expect(after.limit).toBeGreaterThanOrEqual(after.used)
    })
  })
}

function byName(a: RecordSet, b: RecordSet): number {
  return `${a.name} ${a.type}` < `${b.name} ${b.type}` ? -1 : 1
}
