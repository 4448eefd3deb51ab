import { setTimeout as pause } from 'node:timers/promises'
import type * as z from 'zod'
import { pageOf, ReceivedMailView } from '#shared/contracts/api.ts'
import { isFailure } from '#shared/errors/failure.ts'
import type { Product } from './product.ts'

export const ReceivedMails = pageOf(ReceivedMailView)
export type ReceivedMail = z.infer<typeof ReceivedMailView>

const looks = 40
const betweenLooksMilliseconds = 75

/** What became of an accepted mail, once it is decided; empty when that takes more than a moment or may not be read. */
export async function waitForOutcomes(product: Product, mailId: string): Promise<readonly ReceivedMail[]> {
  for (let look = 0; look < looks; look++) {
    const mails = await readMails(product)
    if (mails === undefined) return []
    const ours = mails.filter((mail) => mail.mail_id === mailId)
    if (ours.length > 0 && ours.every(({ outcome }) => outcome !== undefined)) return ours
    await pause(betweenLooksMilliseconds)
  }
  return []
}

/** The mail itself is sent by now: a key that may not read the log is no failure of it. */
async function readMails(product: Product): Promise<readonly ReceivedMail[] | undefined> {
  try {
    return ReceivedMails.parse(await product.api('/received-mails?limit=50')).data
  } catch (error) {
    if (isFailure(error)) return undefined
    throw error
  }
}

/** `acted: created  evt_…`. */
export function outcomeText({ outcome }: ReceivedMail): string {
  if (outcome === undefined) return 'in work'
  return [`${outcome.kind}: ${outcome.reason}`, ...outcome.event_ids].join('  ')
}
