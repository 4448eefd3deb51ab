import * as z from 'zod'
import type { CloudPlace } from '../cloud.ts'
import { CloudFailure } from '../failure.ts'
import type { SesAccount } from '../ses-account.ts'
import { openAccounts } from './accounts.ts'
import { openShelf } from './shelf.ts'
import { hasPassed, placeKey, type Simulation } from './simulation.ts'

const Asked = z.object({ askedAt: z.number() })

/** SES, "Service quotas": of the sandbox, and what a cell of ours has been given. */
const SANDBOX = { max24Hours: 200, maxPerSecond: 1 }
const PRODUCTION = { max24Hours: 50_000, maxPerSecond: 14 }

/** Accounts that were there before are out of the sandbox; a new one has to ask, and people take a day. */
export function simulateSesAccount(simulation: Simulation, place: CloudPlace): SesAccount {
  const shelf = openShelf(simulation.table, 'ses-accounts', Asked)

  async function review(): Promise<'GRANTED' | 'PENDING' | undefined> {
    const found = await openAccounts(simulation).get(place.awsAccountId)
    if (found?.isOfOrganization === false) return 'GRANTED'
    const asked = await shelf.get(placeKey(place))
    if (asked === undefined) return undefined
    return hasPassed(simulation, asked.askedAt, simulation.seconds.productionReview) ? 'GRANTED' : 'PENDING'
  }

  return {
    async read() {
      const status = await review()
      const quota = status === 'GRANTED' ? PRODUCTION : SANDBOX
      return {
        hasProductionAccess: status === 'GRANTED',
        isSendingEnabled: true,
        sentLast24Hours: 0,
        ...quota,
        ...(status === undefined ? {} : { review: { status, caseId: `case-${place.awsAccountId}-${place.region}` } }),
      }
    },
    async askForProduction() {
      const isFirst = await shelf.insert(placeKey(place), { askedAt: simulation.clock.now() })
      if (!isFirst) throw CloudFailure.vendor_task('PutAccountDetails: ConflictException')
    },
  }
}
