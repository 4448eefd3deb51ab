import * as z from 'zod'
import { AuthenticationRecord, INBOUND_PREFIX, inboundBlobKey } from '#shared/contracts/notices.ts'
import { isFailure } from '#shared/errors/failure.ts'
import type { TableItem } from '#shared/platform/table.ts'
import type { Ctx } from '../context.ts'
import { inboundMailKey } from '../inbound-mail/inbound-mail.ts'

/** A mail for so many mailboxes has a row for each, and some more. */
const ROWS_MAX = 1000

const Asked = z.object({ kind: z.literal('needs_confirmation') })

/** Stands for the path that a forgotten mail came by; not the null one, which would say that nobody may be answered. */
const FORGOTTEN = 'erased'

const TOLD = ['from', 'subject', 'messageId', 'confirmedAddress']

/** Forgets who wrote a mail and what: its bytes go, and of its rows the outcome stays. Run again it changes nothing. */
export async function forgetMail(ctx: Ctx, mailId: string): Promise<void> {
  for (const item of await rowsOf(ctx, mailId)) {
    const { pk, sk } = item
    const change = changeOf(item)
    if (change === undefined) continue
    try {
      await ctx.table.write({ kind: 'update', key: { pk, sk }, ...change, when: { row: 'present' } })
    } catch (error) {
      if (!isFailure(error, 'table.condition_failed')) throw error
    }
  }
  await ctx.blobs.delete(inboundBlobKey(mailId))
}

function changeOf(item: TableItem) {
  if (item.sk === 'meta')
    return {
      set: {
        envelopeFrom: FORGOTTEN,
        authentication: {
          ...AuthenticationRecord.omit({ authorDomain: true }).parse(item.authentication),
          envelopeFrom: FORGOTTEN,
          dkimDomains: [],
        },
      },
    }
  const remove = item.sk.startsWith('to#') ? TOLD.filter((name) => item[name] !== undefined) : []
  return remove.length === 0 ? undefined : { remove }
}

/** A confirmation's link is valid for a day, and a mail is decided anew by it. */
const ASKED_MS = 25 * 3600_000

/** Removes a received mail's bytes once nobody needs them to decide it; false: it is not decided yet. */
export async function forgetMailFile(ctx: Ctx, blobKey: string, isStuck: boolean): Promise<boolean> {
  const rows = await rowsOf(ctx, `mail_${blobKey.slice(INBOUND_PREFIX.length)}`)
  const deliveries = rows.filter(({ sk }) => sk.startsWith('to#'))
  const now = ctx.clock.now()
  const isNeeded = deliveries.length === 0 || deliveries.some((delivery) => isOpen(delivery))
  if (deliveries.some((delivery) => isAsked(delivery, now)) || (isNeeded && !isStuck)) return false
  await ctx.blobs.delete(blobKey)
  return true
}

function isOpen({ state, notices }: TableItem): boolean {
  return state !== 'decided' || (Array.isArray(notices) && notices.length > 0)
}

/** Somebody else, who is known by his address, may yet confirm it. The person's own link went with his rows. */
function isAsked({ outcome, from, receivedAt }: TableItem, now: number): boolean {
  const { data } = Asked.safeParse(outcome)
  return data !== undefined && from !== undefined && now - Number(receivedAt) < ASKED_MS
}

async function rowsOf(ctx: Ctx, mailId: string): Promise<readonly TableItem[]> {
  return (await ctx.table.query({ pk: inboundMailKey(mailId).pk, limit: ROWS_MAX })).items
}
