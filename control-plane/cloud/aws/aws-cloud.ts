import { OrganizationsClient } from '@aws-sdk/client-organizations'
import { requestHandlerOptions } from '#shared/platform/aws/client-options.ts'
import type { Clock } from '#shared/platform/small-ports.ts'
import type { Cloud, CloudPlace, PlaceCloud } from '../cloud.ts'
import { assumedCredentials } from './assumed-credentials.ts'
import { createCellRoutes } from './cell-routes.ts'
import { createCertificates } from './certificates.ts'
import { createEmailIdentities } from './email-identities.ts'
import { createHostedZones } from './hosted-zones.ts'
import { createIdentity } from './identity.ts'
import { createOrganizations } from './organizations.ts'
import { type ClientInput, type Credentials, createPlaceClients, type PlaceClients } from './place-clients.ts'
import { createProbeMails } from './probe-mails.ts'
import { createQuotas } from './quotas.ts'
import { createRoleRights } from './role-rights.ts'
import { createSesAccount } from './ses-account.ts'
import { createSesTenants } from './ses-tenants.ts'
import { createStacks } from './stacks.ts'
import { createTenantData } from './tenant-data.ts'
import { createTenantFiles } from './tenant-files.ts'

export type AwsCloudInput = {
  readonly clock: Clock
  /** The engine's own place; roles are taken on from there. */
  readonly home: { readonly region: string }
  /** Account-vending role of the management account; absent: the engine's own rights. */
  readonly managementRoleArn?: string
  /** How clients are made, where they are not to be the plain ones. */
  readonly makeClients?: (input: ClientInput) => PlaceClients
  readonly makeOrganizationsClient?: (input: ClientInput) => OrganizationsClient
}

/** Shown in the trails of the accounts it works in. */
const SESSION_NAME = 'convoke-engine'
const TIMES = { connectionTimeout: 3000, requestTimeout: 25_000 }

/** The cloud on AWS's own SDKs: one set of clients for each place and role, whose credentials renew themselves. */
export function createAwsCloud(input: AwsCloudInput): Cloud {
  const { clock, home, managementRoleArn, makeClients = createPlaceClients } = input
  const { makeOrganizationsClient = createOrganizationsClient } = input
  const own = makeClients({ region: home.region })
  const places = new Map<string, PlaceCloud>()

  function credentialsOf(
    roleArn: string | undefined,
    externalId?: string,
  ): { credentials?: () => Promise<Credentials> } {
    if (roleArn === undefined) return {}
    const secret = externalId === undefined ? {} : { externalId }
    return { credentials: assumedCredentials({ sts: own.sts, roleArn, sessionName: SESSION_NAME, ...secret }) }
  }

  return {
    organizations: createOrganizations(
      makeOrganizationsClient({ region: home.region, ...credentialsOf(managementRoleArn) }),
    ),
    at(place) {
      const name = placeName(place)
      const known = places.get(name)
      if (known !== undefined) return known
      const { region, roleArn, externalId } = place
      const made = placeCloud(makeClients({ region, ...credentialsOf(roleArn, externalId) }), clock)
      places.set(name, made)
      return made
    },
  }
}

function createOrganizationsClient({ region, credentials }: ClientInput): OrganizationsClient {
  return new OrganizationsClient({
    region,
    ...(credentials === undefined ? {} : { credentials }),
    maxAttempts: 1,
    requestHandler: requestHandlerOptions(TIMES),
  })
}

/** The secret belongs to it: with another one the role is to be asked for again, not remembered. */
function placeName({ awsAccountId, region, roleArn = '', externalId = '' }: CloudPlace): string {
  return JSON.stringify([awsAccountId, region, roleArn, externalId])
}

function placeCloud(clients: PlaceClients, clock: Clock): PlaceCloud {
  return {
    identity: createIdentity(clients.sts),
    hostedZones: createHostedZones(clients.route53),
    certificates: createCertificates(clients.acm),
    emailIdentities: createEmailIdentities(clients.ses),
    sesTenants: createSesTenants(clients.ses),
    sesAccount: createSesAccount(clients.ses),
    stacks: createStacks(clients.cloudFormation),
    tenantFiles: createTenantFiles(clients.s3),
    tenantData: createTenantData(clients),
    cellRoutes: createCellRoutes(clients.dynamo, clock),
    quotas: createQuotas(clients),
    probeMails: createProbeMails(clients.ses),
    roleRights: createRoleRights(clients.iam),
  }
}
