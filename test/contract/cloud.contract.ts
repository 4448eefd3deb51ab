import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { describeAccounts } from './cloud-accounts.contract.ts'
import { describeCellRoutes } from './cloud-cell-routes.contract.ts'
import { describeCertificates } from './cloud-certificates.contract.ts'
import { describeChangeSets } from './cloud-change-sets.contract.ts'
import { describeEmailIdentities } from './cloud-identities.contract.ts'
import { describeProbeMails } from './cloud-probe-mails.contract.ts'
import { describeRoleRights } from './cloud-role-rights.contract.ts'
import { describeSesTenants } from './cloud-ses-tenants.contract.ts'
import { describeStacks } from './cloud-stacks.contract.ts'
import type { CloudSubject, MakeCloudSubject } from './cloud-subject.ts'
import { describeZones } from './cloud-zones.contract.ts'

/** The cloud ports' promises; one subject serves all cases, each with names of its own. */
export function describeCloudContract(name: string, makeSubject: MakeCloudSubject): void {
  describe(`Cloud contract: ${name}`, () => {
    let made: CloudSubject | undefined
    beforeAll(async () => {
      made = await makeSubject()
    })
    afterAll(async () => {
      await made?.close()
    })
    function subject(): CloudSubject {
      if (made === undefined) throw new Error('the subject was not made')
      return made
    }
    describePlaces(subject)
    describeAccounts(subject)
    describeZones(subject)
    describeCertificates(subject)
    describeEmailIdentities(subject)
    describeSesTenants(subject)
    describeChangeSets(subject)
    describeStacks(subject)
    describeCellRoutes(subject)
    describeProbeMails(subject)
    describeRoleRights(subject)
  })
}

function describePlaces(subject: () => CloudSubject): void {
  describe('places', () => {
    it('whom the credentials are of is the account of the place', async () => {
      const { cloud, place, otherPlace } = subject()
      expect((await cloud.at(place).identity.read()).awsAccountId).toBe(place.awsAccountId)
      expect((await cloud.at(otherPlace).identity.read()).awsAccountId).toBe(otherPlace.awsAccountId)
      expect(place.awsAccountId).not.toBe(otherPlace.awsAccountId)
    })

    it('an account and region tell how they stand with SES', async () => {
      const { cloud, place } = subject()
      const told = await cloud.at(place).sesAccount.read()
      expect(told.isSendingEnabled).toBe(true)
      expect(told.max24Hours).toBeGreaterThan(0)
      expect(told.maxPerSecond).toBeGreaterThan(0)
    })
  })
}
