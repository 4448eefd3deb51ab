import {
  ChangeResourceRecordSetsCommand,
  ChangeTagsForResourceCommand,
  CreateHostedZoneCommand,
  DeleteHostedZoneCommand,
  GetChangeCommand,
  GetHostedZoneCommand,
  ListHostedZonesByNameCommand,
  ListResourceRecordSetsCommand,
  type ListResourceRecordSetsCommandInput,
  type ListResourceRecordSetsResponse,
  ListTagsForResourceCommand,
  type Route53Client,
  type HostedZone as SdkZone,
} from '@aws-sdk/client-route-53'
import type { HostedZone, HostedZones, RecordSet } from '../hosted-zones.ts'
import { fromSdkRecord, plainName, toSdkRecord } from './record-codec.ts'
import { calling, type ErrorMeanings, given, orElse, reading, word } from './sdk-call.ts'
import { fromSdkTags, toSdkTags } from './sdk-tags.ts'

const MEANINGS: ErrorMeanings = {
  HostedZoneAlreadyExists: 'exists',
  TooManyHostedZones: 'quota',
  // Other zones of the name hold every delegation set: another try draws again.
  DelegationSetNotAvailable: 'conflict',
  ConflictingDomainExists: 'conflict',
  InvalidDomainName: 'invalid',
  NoSuchHostedZone: 'gone',
  NoSuchChange: 'gone',
  HostedZoneNotEmpty: 'in_use',
  // Nothing was taken: the zone's batch before this one is still on its way.
  PriorRequestNotComplete: 'conflict',
}

export function createHostedZones(client: Route53Client): HostedZones {
  return {
    async create({ callerReference, domainName }) {
      const command = new CreateHostedZoneCommand({ CallerReference: callerReference, Name: domainName })
      const answer = await calling('CreateHostedZone', () => client.send(command), MEANINGS)
      return {
        ...zoneOf(given(answer.HostedZone, 'HostedZone')),
        nameServers: nameServersOf(answer.DelegationSet?.NameServers),
        changeId: changeIdOf(answer.ChangeInfo?.Id),
      }
    },
    async find(domainName) {
      // Zones come in the order of their names, so those of this one are first; more than 100 of a name nobody has.
      const command = new ListHostedZonesByNameCommand({ DNSName: domainName, MaxItems: 100 })
      const { HostedZones: zones = [] } = await calling('ListHostedZonesByName', () => client.send(command), MEANINGS)
      return zones
        .filter(({ Config }) => Config?.PrivateZone !== true)
        .map(zoneOf)
        .filter((zone) => zone.domainName === domainName)
    },
    async read(hostedZoneId) {
      const command = new GetHostedZoneCommand({ Id: hostedZoneId })
      const answer = await reading('GetHostedZone', () => client.send(command), MEANINGS)
      if (answer === undefined) return undefined
      return {
        ...zoneOf(given(answer.HostedZone, 'HostedZone')),
        nameServers: nameServersOf(answer.DelegationSet?.NameServers),
      }
    },
    async tag({ hostedZoneId, tags }) {
      const command = new ChangeTagsForResourceCommand({
        ResourceType: 'hostedzone',
        ResourceId: hostedZoneId,
        AddTags: toSdkTags(tags),
      })
      await calling('ChangeTagsForResource', () => client.send(command), MEANINGS)
    },
    async tagsOf(hostedZoneId) {
      const command = new ListTagsForResourceCommand({ ResourceType: 'hostedzone', ResourceId: hostedZoneId })
      const answer = await reading('ListTagsForResource', () => client.send(command), MEANINGS)
      return answer && fromSdkTags(answer.ResourceTagSet?.Tags)
    },
    async changeRecords({ hostedZoneId, changes }) {
      const command = new ChangeResourceRecordSetsCommand({
        HostedZoneId: hostedZoneId,
        ChangeBatch: {
          Changes: changes.map(({ action, record }) => ({ Action: action, ResourceRecordSet: toSdkRecord(record) })),
        },
      })
      const answer = await calling('ChangeResourceRecordSets', () => client.send(command), MEANINGS)
      return { changeId: changeIdOf(answer.ChangeInfo?.Id) }
    },
    async changeStatus(changeId) {
      const answer = await reading('GetChange', () => client.send(new GetChangeCommand({ Id: changeId })), MEANINGS)
      return answer && word(['PENDING', 'INSYNC'], answer.ChangeInfo?.Status, 'the status of a change')
    },
    records: (hostedZoneId) =>
      reading(
        'ListResourceRecordSets',
        async () => {
          const all: RecordSet[] = []
          let after: Pick<ListResourceRecordSetsCommandInput, 'StartRecordName' | 'StartRecordType'> = {}
          for (;;) {
            const command = new ListResourceRecordSetsCommand({ HostedZoneId: hostedZoneId, ...after })
            const page: ListResourceRecordSetsResponse = await client.send(command)
            all.push(...(page.ResourceRecordSets ?? []).map(fromSdkRecord))
            if (page.IsTruncated !== true) return all
            after = { StartRecordName: page.NextRecordName, StartRecordType: page.NextRecordType }
          }
        },
        MEANINGS,
      ),
    async delete(hostedZoneId) {
      const command = new DeleteHostedZoneCommand({ Id: hostedZoneId })
      await orElse(
        'gone',
        undefined,
        calling('DeleteHostedZone', () => client.send(command), MEANINGS),
      )
    },
  }
}

function zoneOf({ Id, Name, CallerReference }: SdkZone): HostedZone {
  return {
    hostedZoneId: given(Id, 'Id').replace('/hostedzone/', ''),
    domainName: plainName(given(Name, 'Name')),
    callerReference: CallerReference ?? '',
  }
}

function nameServersOf(names: readonly string[] | undefined): readonly string[] {
  return given(names, 'NameServers').map(plainName)
}

function changeIdOf(changeId: string | undefined): string {
  return given(changeId, 'ChangeInfo').replace('/change/', '')
}
