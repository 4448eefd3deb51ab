import type * as z from 'zod'
import { pageOf, ReceivedMailView } from '#shared/contracts/api.ts'
import type { ProductClient } from './product-client.ts'

const Page = pageOf(ReceivedMailView)
const startedOn = Date.now()
const dayMilliseconds = 86_400_000

export type ReceivedMail = z.infer<typeof ReceivedMailView>

/** The log of received mail since this process began, newest first, at most `pagesMax` pages of 200 a day. */
export async function readReceivedMails(client: ProductClient, pagesMax: number): Promise<readonly ReceivedMail[]> {
  const found: ReceivedMail[] = []
  for (const day of daysSinceStart()) {
    let after: string | undefined
    for (let pages = 0; pages < pagesMax; pages++) {
      const query = new URLSearchParams({ limit: '200', day, ...(after === undefined ? {} : { after }) })
      const page = Page.parse(await client.api(`/received-mails?${query}`))
      found.push(...page.data)
      after = page.next_cursor
      if (after === undefined) break
    }
  }
  return found
}

/** A long run may go past midnight, and the log is kept by day. */
function daysSinceStart(): readonly string[] {
  const days = new Set<string>()
  for (let at = Date.now(); at > startedOn - dayMilliseconds; at -= dayMilliseconds) {
    if (dayOf(at) >= dayOf(startedOn)) days.add(dayOf(at))
  }
  return [...days]
}

function dayOf(epochMilliseconds: number): string {
  return new Date(epochMilliseconds).toISOString().slice(0, 10)
}
