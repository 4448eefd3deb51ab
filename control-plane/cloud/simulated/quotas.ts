import type { CloudPlace } from '../cloud.ts'
import type { QuotaName, Quotas } from '../quotas.ts'
import { openCertificates } from './certificates.ts'
import { openIdentities } from './identity-shelf.ts'
import { placeKey, type Simulation } from './simulation.ts'
import { openStackShelf } from './stack-shelf.ts'
import { openZones } from './zone-shelf.ts'

export function simulateQuotas(simulation: Simulation, place: CloudPlace): Quotas {
  const counts: { readonly [Q in QuotaName]: () => Promise<number> } = {
    hosted_zones: async () => (await openZones(simulation).all(`${place.awsAccountId}/`)).length,
    stacks: async () => (await openStackShelf(simulation).all(placeKey(place))).length,
    email_identities: async () => (await openIdentities(simulation).all(placeKey(place))).length,
    certificates: async () => (await openCertificates(simulation).all(placeKey(place))).length,
  }
  return {
    read: async (quotaName) => ({ used: await counts[quotaName](), limit: simulation.limits[quotaName] }),
  }
}
