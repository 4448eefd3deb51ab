import { afterAll, beforeAll, describe } from 'vitest'
import { describeConditions } from './table-conditions.contract.ts'
import { describeExpiry } from './table-expiry.contract.ts'
import { describeItems } from './table-items.contract.ts'
import { describePaging } from './table-paging.contract.ts'
import { describeQueries } from './table-queries.contract.ts'
import { describeScan } from './table-scan.contract.ts'
import type { MakeTableSubject, TableSubject } from './table-subject.ts'
import { describeTransactions } from './table-transactions.contract.ts'
import { describeUpdates } from './table-updates.contract.ts'

/** The Table port's promises; one subject serves all cases, each in partitions of its own. */
export function describeTableContract(name: string, makeSubject: MakeTableSubject): void {
  describe(`Table contract: ${name}`, () => {
    let made: TableSubject | undefined
    beforeAll(async () => {
      made = await makeSubject()
    })
    afterAll(async () => {
      await made?.close()
    })
    function subject(): TableSubject {
      if (made === undefined) throw new Error('the subject was not made')
      return made
    }
    describeItems(subject)
    describeConditions(subject)
    describeUpdates(subject)
    describeTransactions(subject)
    describeQueries(subject)
    describePaging(subject)
    describeExpiry(subject)
    describeScan(subject)
  })
}
