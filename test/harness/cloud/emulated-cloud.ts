import { OrganizationsClient } from '@aws-sdk/client-organizations'
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts'
import { createAwsCloud } from '#control-plane/cloud/aws/aws-cloud.ts'
import { type ClientInput, createPlaceClients, type PlaceClients } from '#control-plane/cloud/aws/place-clients.ts'
import type { Cloud } from '#control-plane/cloud/cloud.ts'
import type { Sees } from '#control-plane/cloud/simulated/simulation.ts'
import type { Clock } from '#shared/platform/small-ports.ts'
import { acmAsDocumented, acmMemory } from './acm-as-documented.ts'
import { cloudFormationAsDocumented, cloudFormationMemory } from './cloudformation-as-documented.ts'
import { iamAsDocumented } from './iam-as-documented.ts'
import { organizationsAsDocumented, organizationsMemory } from './organizations-as-documented.ts'
import { route53AsDocumented, route53Memory } from './route53-as-documented.ts'
import { type SentMail, sesAsDocumented, sesMemory } from './ses-as-documented.ts'

export type EmulatedClouds = {
  /** A cloud as one process of the engine has it; all of them share what the emulator does not remember. */
  readonly open: (options?: { readonly managementRoleArn?: string }) => Cloud
  /** Ends the connections of every client made. */
  readonly close: () => void
}

const NEVER = new Date(8.64e15)

/** The cloud on AWS's SDKs against the emulator that the environment points at, made to answer as AWS documents. */
export function emulatedClouds({
  sees,
  clock,
  region,
  deliver = async () => undefined,
}: {
  readonly sees: Sees
  readonly clock: Clock
  readonly region: string
  /** Brings a mail that SES took to whoever receives it; absent: nobody does. */
  readonly deliver?: (mail: SentMail) => Promise<void>
}): EmulatedClouds {
  const memories = {
    acm: acmMemory(),
    cloudFormation: cloudFormationMemory(),
    organizations: organizationsMemory(),
    route53: route53Memory(),
    ses: sesMemory(),
  }
  const closers: (() => void)[] = []

  function makeClients(input: ClientInput): PlaceClients {
    const clients = createPlaceClients({ ...input, forcePathStyle: true })
    closers.push(...Object.values(clients).map((client) => () => client.destroy()))
    let asked: Promise<string> | undefined
    let service: Promise<PlaceClients> | undefined
    const awsAccountId = () => {
      asked ??= clients.sts.send(new GetCallerIdentityCommand({})).then(({ Account = '' }) => Account)
      return asked
    }
    const asService = async () => {
      service ??= awsAccountId().then((accessKeyId) => rootClients(input.region, accessKeyId))
      return service
    }
    acmAsDocumented(clients.acm, memories.acm, sees)
    cloudFormationAsDocumented(clients.cloudFormation, memories.cloudFormation)
    iamAsDocumented(clients.iam, { asService })
    route53AsDocumented(clients.route53, memories.route53, { awsAccountId, asService })
    sesAsDocumented(clients.ses, memories.ses, { sees, region: input.region, awsAccountId, asService, deliver })
    return clients
  }

  /** What a service knows by itself, whatever its caller may ask. */
  function rootClients(at: string, accessKeyId: string): PlaceClients {
    const credentials = async () => ({ accessKeyId, secretAccessKey: 'test', sessionToken: '', expiration: NEVER })
    const clients = createPlaceClients({ region: at, credentials, forcePathStyle: true })
    closers.push(...Object.values(clients).map((client) => () => client.destroy()))
    return clients
  }

  function makeOrganizationsClient({ region: at, credentials }: ClientInput): OrganizationsClient {
    const client = new OrganizationsClient({ region: at, ...(credentials === undefined ? {} : { credentials }) })
    closers.push(() => client.destroy())
    organizationsAsDocumented(client, memories.organizations)
    return client
  }

  return {
    open: (options = {}) =>
      createAwsCloud({ clock, home: { region }, makeClients, makeOrganizationsClient, ...options }),
    close() {
      for (const closeOne of closers) closeOne()
    },
  }
}
