import { createHash } from 'node:crypto'
import { GetHostedZoneCommand, paginateListHostedZones, type Route53Client } from '@aws-sdk/client-route-53'
import { documented, type Fields, fieldsOf, listOf, serviceError, text } from './documented.ts'

/** Caller references that were used; one for all clients of a run. */
export type Route53Memory = ReturnType<typeof route53Memory>
export function route53Memory() {
  return { references: new Set<string>() }
}

const ZONES_MAX = 500
const ELEMENTS_MAX = 1000

/**
 * Makes Route 53 answer as its API reference says where the emulator (1.5.33) does not: a caller reference makes one zone for good (it
 * gives the zone again, and makes another once that is deleted); each zone has name servers of its own (all have the same four); a batch
 * has at most 1,000 elements, names of the zone, no CNAME at its top and TXT values in quotes (it looks at none of these). Absent there
 * altogether: GetAccountLimit.
 */
export function route53AsDocumented(
  client: Route53Client,
  { references }: Route53Memory,
  {
    awsAccountId,
    asService,
  }: {
    readonly awsAccountId: () => Promise<string>
    readonly asService: () => Promise<{ readonly route53: Route53Client }>
  },
): void {
  async function create(input: Fields, next: () => Promise<Fields>): Promise<Fields> {
    const reference = `${await awsAccountId()} ${text(input.CallerReference)}`
    if (references.has(reference)) throw serviceError('HostedZoneAlreadyExists', 'the caller reference was used')
    const { HostedZone } = await next()
    references.add(reference)
    return { DelegationSet: { NameServers: serversOf(text(fieldsOf(HostedZone).Id)) } }
  }

  async function assertBatch(input: Fields): Promise<void> {
    const { HostedZone } = await client.send(new GetHostedZoneCommand({ Id: text(input.HostedZoneId) }))
    const zoneName = HostedZone?.Name ?? ''
    const changes = listOf(fieldsOf(input.ChangeBatch).Changes)
    const records = changes.map(({ Action, ResourceRecordSet }): Fields => ({ ...fieldsOf(ResourceRecordSet), Action }))
    const elements = records.reduce(
      (sum, { Action, ResourceRecords }) => sum + listOf(ResourceRecords).length * (Action === 'UPSERT' ? 2 : 1),
      0,
    )
    if (elements > ELEMENTS_MAX) throw invalid('the batch has too many elements')
    for (const { Name, Type, ResourceRecords } of records) {
      const name = text(Name)
      if (name !== zoneName && !name.endsWith(`.${zoneName}`)) throw invalid(`${name} is not in the zone`)
      if (Type === 'CNAME' && name === zoneName) throw invalid('no CNAME at the top of a zone')
      if (Type === 'TXT' && listOf(ResourceRecords).some(({ Value }) => !text(Value).startsWith('"')))
        throw invalid('a text has no quotes')
    }
  }

  client.middlewareStack.add(
    documented(async (commandName, input, next) => {
      switch (commandName) {
        case 'CreateHostedZone':
          return create(input, next)
        case 'GetHostedZone':
          await next()
          return { DelegationSet: { NameServers: serversOf(text(input.Id)) } }
        case 'ListResourceRecordSets': {
          const sets = listOf((await next()).ResourceRecordSets)
          const own = serversOf(text(input.HostedZoneId)).map((name) => ({ Value: `${name}.` }))
          return {
            ResourceRecordSets: sets.map((set) => (isEmulators(set) ? { ...set, ResourceRecords: own } : set)),
          }
        }
        case 'ChangeResourceRecordSets':
          await assertBatch(input)
          return next()
        case 'GetAccountLimit': {
          let Count = 0
          const { route53 } = await asService()
          for await (const { HostedZones = [] } of paginateListHostedZones({ client: route53 }, {}))
            Count += HostedZones.length
          return { Limit: { Type: input.Type, Value: ZONES_MAX }, Count }
        }
        default:
          return next()
      }
    }),
    { step: 'initialize', name: 'route53AsDocumented' },
  )
}

/** The NS records that it gives every zone. */
function isEmulators({ Type, ResourceRecords }: Fields): boolean {
  return Type === 'NS' && listOf(ResourceRecords).every(({ Value }) => text(Value).includes('awsdns'))
}

function serversOf(hostedZoneId: string): readonly string[] {
  const number = Number.parseInt(
    createHash('sha256').update(hostedZoneId.replace('/hostedzone/', '')).digest('hex').slice(0, 6),
    16,
  )
  return ['com', 'net', 'org', 'co.uk'].map((ending, at) => `ns-${number}-${at}.awsdns-00.${ending}`)
}

function invalid(message: string): Error {
  return serviceError('InvalidChangeBatch', message)
}
