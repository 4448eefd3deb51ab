import type { Domain } from '#control-plane/core/domain/domain.ts'
import { domainWrite } from '#control-plane/core/domain/domain-store.ts'
import { WORKING_STATES } from '#shared/contracts/licence-file.ts'
import { newExternalId } from '../external-id.ts'
import type { Observation, Step, Work } from '../step.ts'

const HOUR = 3600_000

/** Whether there is anything to begin: a licence that works. That the name is still this tenant's is asked before every step. */
export const preflight: Step = {
  name: 'preflight',
  sentence: 'We check that everything is there to begin.',
  vendorSentence: 'Licence, claim and release are checked.',
  async observe(work) {
    const { ctx, tenant } = work
    if (!WORKING_STATES.includes((await work.licence()).state)) return waitForLicence(work)
    const isCustomers = tenant.placement === 'customer' && tenant.externalId === undefined
    return {
      kind: 'done',
      ...(work.domain === undefined ? { operations: [domainWrite(undefined, newDomain(work))] } : {}),
      ...(isCustomers ? { tenant: { externalId: newExternalId(ctx) } } : {}),
    }
  },
}

/** The step goes on by itself: a paid licence sends a notice, and the clock looks too. */
export function waitForLicence({ ctx }: Work): Observation {
  return { kind: 'waiting', waitsFor: 'licence', whoActs: 'licensee', nextAt: ctx.clock.now() + HOUR }
}

export function newDomain({ ctx, tenant }: Work): Domain {
  const { tenantId, licenseeId, domainName } = tenant
  const now = ctx.clock.now()
  return {
    tenantId,
    licenseeId,
    domainName,
    state: 'claimed',
    nameServers: [],
    records: [],
    lookingSince: now,
    looks: 0,
    createdAt: now,
    version: 1,
  }
}
