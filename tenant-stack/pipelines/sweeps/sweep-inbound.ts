import * as z from 'zod'
import { INBOUND_PREFIX, type MailReceived } from '#shared/contracts/notices.ts'
import type { BlobInfo } from '#shared/platform/blobs.ts'
import { tracedRecipient } from '#tenant-stack/cell/traced-recipient.ts'
import type { Ctx } from '#tenant-stack/core/context.ts'
import { isRouted } from '#tenant-stack/core/inbound-mail/inbound-ledger.ts'
import { mailboxAddress, mailboxOf, normalizeAddress } from '#tenant-stack/core/mailbox/mailbox.ts'
import { publish } from '#tenant-stack/core/publish.ts'
import { sweeps } from '#tenant-stack/manifest.ts'

const WATERMARK_KEY = { pk: 'sweep#inbound', sk: 'watermark' } as const

/**
 * Epoch milliseconds: everything stored before `through` was seen routed; `wholeAt`: when all of it was last looked at to the end;
 * `wholeCursor`: where the look at all of it goes on.
 */
const Watermark = z.object({ through: z.number(), wholeAt: z.number(), wholeCursor: z.string().optional() })

/** A mail is looked at once, and once a day again: a clock that jumped must not hide one for ever. */
const WHOLE_EVERY_MS = 24 * 3600_000

/** The look at all of it is paused after so long: a busy tenant has more mail than one run of a function can look at. */
const WHOLE_RUN_MS = 120_000

/** Looks under way at once; each waits for the table. */
const AT_ONCE = 20

type Look = { readonly heldAt: number; readonly failed: readonly unknown[] }

/**
 * Objects that lie there without their ledger rows had a lost notice: they are received now. A swept mail has no verdicts and no origin,
 * so it counts as unauthenticated unless its own signature speaks for it. What is
 * new comes first and is kept; then the daily look at everything goes on where it was. Throws at the end when an object could not be
 * looked at: it holds the watermark, and keeps no other from being looked at.
 */
export async function sweepInbound(ctx: Ctx): Promise<void> {
  const now = ctx.clock.now()
  const before = now - sweeps.inbound.olderThanSeconds * 1000
  const known = await findWatermark(ctx)
  const failed: unknown[] = []
  let through = before
  let cursor: string | undefined
  do {
    const page = await ctx.blobs.list(INBOUND_PREFIX, { limit: 500, ...(cursor === undefined ? {} : { cursor }) })
    const fresh = page.blobs.filter(({ storedAt }) => storedAt >= (known?.through ?? 0) && storedAt < before)
    const look = await lookAt(ctx, fresh)
    through = Math.min(through, look.heldAt)
    failed.push(...look.failed)
    cursor = page.cursor
  } while (cursor !== undefined)
  // A first look was at everything.
  const { wholeAt, wholeCursor } = known ?? { wholeAt: now }
  await keepWatermark(ctx, { through, wholeAt, wholeCursor })
  const isDue = wholeCursor !== undefined || now - wholeAt >= WHOLE_EVERY_MS || wholeAt > now
  if (isDue) failed.push(...(await goOnWithAll(ctx, { through, before, wholeAt, wholeCursor })))
  if (failed.length > 0)
    throw new AggregateError(failed, `${failed.length} mails could not be looked at: ${String(failed[0])}`)
}

/** How long the oldest mail that was not seen routed lies there beyond what is usual; 0 when all is well. */
export async function inboundLagSeconds(ctx: Ctx): Promise<number> {
  const known = await findWatermark(ctx)
  const { everySeconds, olderThanSeconds } = sweeps.inbound
  const lag = known === undefined ? 0 : (ctx.clock.now() - known.through) / 1000 - olderThanSeconds
  return lag > 2 * everySeconds ? Math.round(lag) : 0
}

async function goOnWithAll(
  ctx: Ctx,
  from: {
    readonly through: number
    readonly before: number
    readonly wholeAt: number
    readonly wholeCursor: string | undefined
  },
): Promise<readonly unknown[]> {
  const until = ctx.clock.now() + WHOLE_RUN_MS
  const failed: unknown[] = []
  let { through, wholeCursor: cursor } = from
  do {
    const page = await ctx.blobs.list(INBOUND_PREFIX, { limit: 500, ...(cursor === undefined ? {} : { cursor }) })
    const look = await lookAt(
      ctx,
      page.blobs.filter(({ storedAt }) => storedAt < from.before),
    )
    through = Math.min(through, look.heldAt)
    failed.push(...look.failed)
    cursor = page.cursor
    const wholeAt = cursor === undefined ? ctx.clock.now() : from.wholeAt
    await keepWatermark(ctx, { through, wholeAt, wholeCursor: cursor })
  } while (cursor !== undefined && ctx.clock.now() < until)
  return failed
}

/** `heldAt`: when the oldest of them was stored that is not seen routed yet. */
async function lookAt(ctx: Ctx, blobs: readonly BlobInfo[]): Promise<Look> {
  const failed: unknown[] = []
  let heldAt = Number.POSITIVE_INFINITY
  for (let from = 0; from < blobs.length; from += AT_ONCE)
    await Promise.all(
      blobs.slice(from, from + AT_ONCE).map(async (blob) => {
        const isOrphan = await receiveOrphan(ctx, blob).catch((error: unknown) => {
          failed.push(error)
          return true
        })
        if (isOrphan) heldAt = Math.min(heldAt, blob.storedAt)
      }),
    )
  return { heldAt, failed }
}

/**
 * Whom SES's own trace names, so that an answer comes to its reply address; `create@` where there is no such trace (our SMTP door, or a
 * copy whose trace was redacted because others received the mail too).
 */
async function recipientOf(ctx: Ctx, key: string, sesMessageId: string): Promise<string> {
  const traced = tracedRecipient(await ctx.blobs.get(key), sesMessageId)
  const isOurs = traced !== undefined && mailboxOf(ctx.settings, normalizeAddress(traced)).kind !== 'other_domain'
  return isOurs ? traced : mailboxAddress(ctx.settings, 'create')
}

async function findWatermark(ctx: Ctx): Promise<z.infer<typeof Watermark> | undefined> {
  return Watermark.safeParse(await ctx.table.get(WATERMARK_KEY)).data
}

async function keepWatermark(
  ctx: Ctx,
  {
    through,
    wholeAt,
    wholeCursor,
  }: { readonly through: number; readonly wholeAt: number; readonly wholeCursor: string | undefined },
): Promise<void> {
  const item = { ...WATERMARK_KEY, through, wholeAt, ...(wholeCursor === undefined ? {} : { wholeCursor }) }
  await ctx.table.write({ kind: 'put', item })
}

/** True when the mail was not routed: it is looked at again until it is. */
async function receiveOrphan(ctx: Ctx, { key, sizeBytes, storedAt }: BlobInfo): Promise<boolean> {
  // Not every object is a mail: SES leaves one of its own when a receipt rule is made.
  const name = key.slice(INBOUND_PREFIX.length)
  const mailId = `mail_${name}`
  if (!/^[A-Za-z0-9]+$/.test(name) || (await isRouted(ctx, mailId))) return false
  const notice: MailReceived = {
    mailId,
    receivedAt: storedAt,
    sizeBytes,
    envelopeFrom: '',
    recipients: [await recipientOf(ctx, key, name)],
  }
  ctx.log.warn({ at: 'sweep.orphan', mailId })
  await publish(ctx, 'mail-received', notice)
  return true
}
