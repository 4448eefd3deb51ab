import { aroundPlace } from '../around-cloud.ts'
import type { Cloud, CloudPlace, PlaceCloud } from '../cloud.ts'
import type { RecordSet } from '../hosted-zones.ts'
import { assertTrusted, openAccount, openAccounts } from './accounts.ts'
import { simulateCellRoutes } from './cell-routes.ts'
import { simulateCertificates } from './certificates.ts'
import { simulateEmailIdentities } from './email-identities.ts'
import { simulateHostedZones } from './hosted-zones.ts'
import { simulateOrganizations } from './organizations.ts'
import { simulateProbeMails } from './probe-mails.ts'
import { simulateQuotas } from './quotas.ts'
import { simulateRoleRights } from './role-rights.ts'
import { simulateSesAccount } from './ses-account.ts'
import { simulateSesTenants } from './ses-tenants.ts'
import { SIMULATED_LIMITS, SIMULATED_SECONDS, type Simulation } from './simulation.ts'
import { simulateStacks } from './stacks.ts'
import { simulateTenantData } from './tenant-data.ts'
import { simulateTenantFiles } from './tenant-files.ts'
import { openZones, settledZone } from './zone-shelf.ts'

export type SimulatedCloudInput = Omit<Simulation, 'seconds' | 'limits'> & {
  /** Other times than `SIMULATED_SECONDS`, such as shorter ones for a demonstration. */
  readonly seconds?: Partial<Simulation['seconds']>
  readonly limits?: Partial<Simulation['limits']>
}

export type ServedZone = {
  readonly hostedZoneId: string
  readonly domainName: string
  readonly nameServers: readonly string[]
  readonly recordSets: readonly RecordSet[]
}

/** What is not asked by way of an API: the world around the cloud. */
export type SimulatedWorld = {
  /** An account that is there: a cell of ours, or a customer's, whose role is trusted with the secret alone. */
  openAccount(input: {
    readonly awsAccountId: string
    readonly trust?: { readonly roleArn: string; readonly externalId: string }
  }): Promise<void>
  /** Every zone as its name servers answer now. */
  servedZones(): Promise<readonly ServedZone[]>
}

/** A cloud on one Table: everything in it is durable, and takes the time that it takes on AWS, by the clock given. */
export function createSimulatedCloud(input: SimulatedCloudInput): {
  readonly cloud: Cloud
  readonly world: SimulatedWorld
} {
  const simulation: Simulation = {
    ...input,
    seconds: { ...SIMULATED_SECONDS, ...input.seconds },
    limits: { ...SIMULATED_LIMITS, ...input.limits },
  }
  const accounts = openAccounts(simulation)
  const organizations = simulateOrganizations(simulation)
  return {
    cloud: {
      organizations,
      at: (place) =>
        aroundPlace(placeCloud(simulation, place), async (_, act) => {
          await assertTrusted(accounts, place)
          return act()
        }),
    },
    world: {
      async openAccount({ awsAccountId, trust }) {
        const trusted = trust === undefined ? {} : { [trust.roleArn]: trust.externalId }
        await openAccount(simulation, accounts, awsAccountId, trusted)
      },
      async servedZones() {
        const zones = await openZones(simulation).all('')
        return zones.map((zone) => {
          const { hostedZoneId, domainName, nameServers, served } = settledZone(simulation, zone)
          return { hostedZoneId, domainName, nameServers, recordSets: served }
        })
      },
    },
  }
}

function placeCloud(simulation: Simulation, place: CloudPlace): PlaceCloud {
  const { awsAccountId, roleArn } = place
  return {
    identity: {
      read: async () => ({ awsAccountId, arn: roleArn ?? `arn:aws:iam::${awsAccountId}:root` }),
    },
    hostedZones: simulateHostedZones(simulation, awsAccountId),
    certificates: simulateCertificates(simulation, place),
    emailIdentities: simulateEmailIdentities(simulation, place),
    sesTenants: simulateSesTenants(simulation, place),
    sesAccount: simulateSesAccount(simulation, place),
    stacks: simulateStacks(simulation, place),
    tenantFiles: simulateTenantFiles(simulation),
    tenantData: simulateTenantData(simulation),
    cellRoutes: simulateCellRoutes(simulation, place),
    quotas: simulateQuotas(simulation, place),
    probeMails: simulateProbeMails(simulation, place),
    roleRights: simulateRoleRights(simulation, place),
  }
}
