import { inboundBlobKey, type MailReceived, type TopicName } from '#shared/contracts/notices.ts'
import { probeKey } from '#shared/contracts/probe.ts'
import { isFailure } from '#shared/errors/failure.ts'
import type { Authentication } from '#shared/imip/authentication.ts'
import type { WriteOperation } from '#shared/platform/table.ts'
import type { Ctx } from '#tenant-stack/core/context.ts'
import {
  findDelivery,
  findInboundMail,
  insertDelivery,
  insertInboundMail,
  isSweptNotice,
  reopenDeliveryOperation,
  unsweptOperation,
} from '#tenant-stack/core/inbound-mail/inbound-ledger.ts'
import type { MailOutcome } from '#tenant-stack/core/inbound-mail/inbound-mail.ts'
import { type Mailbox, mailboxAddress, mailboxOf, normalizeAddress } from '#tenant-stack/core/mailbox/mailbox.ts'

/** Swept mail has lost its envelope: an empty path would be the null one, and forbid the one question to its sender. */
const LOST_PATH = 'unknown'

/** A swept delivery may be decided in the same moment: looked at anew at most so often. */
const UNSWEEP_TRIES = 6

/** Pipeline 1: one ledger row per mail and mailbox, then the mailbox's own topic. */
export async function receiveMail(ctx: Ctx, notice: MailReceived): Promise<void> {
  if ((await findInboundMail(ctx, notice.mailId)) === undefined) {
    const authentication = await authenticationOf(ctx, notice)
    await insertInboundMail(ctx, notice, authentication)
  }
  const known = await findInboundMail(ctx, notice.mailId)
  const isSwept = isSweptNotice(notice)
  if (known?.isSwept === true && !isSwept) await unsweep(ctx, notice)
  // The sweep knows of no recipients; those that the mail's own notice named are on the row.
  const recipients = isSwept ? (known?.recipients ?? []) : notice.recipients
  for (const recipient of new Set(recipients.map(normalizeAddress))) await route(ctx, notice, recipient)
}

/** The mail's own notice comes after all: its verdicts hold, and a delivery that only waited for its sender's word is decided anew. */
async function unsweep(ctx: Ctx, notice: MailReceived): Promise<void> {
  const authentication = await authenticationOf(ctx, notice)
  for (let attempt = 1; ; attempt += 1) {
    const names = ['create', 'lists', 'reports'] as const
    const reopened = await Promise.all(names.map((name) => reopenOf(ctx, notice, name)))
    try {
      return await ctx.table.transact([unsweptOperation(notice, authentication), ...reopened.flat()])
    } catch (error) {
      const isRace = isFailure(error, 'table.condition_failed') || isFailure(error, 'table.conflict')
      if (!isRace || attempt >= UNSWEEP_TRIES) throw error
      if ((await findInboundMail(ctx, notice.mailId))?.isSwept !== true) return
    }
  }
}

async function reopenOf(
  ctx: Ctx,
  { mailId }: MailReceived,
  name: 'create' | 'lists' | 'reports',
): Promise<readonly WriteOperation[]> {
  const swept = await findDelivery(ctx, mailId, mailboxAddress(ctx.settings, name))
  const isOpen = swept?.state === 'routed' || swept?.outcome?.kind === 'needs_confirmation'
  return swept === undefined || !isOpen ? [] : [reopenDeliveryOperation(ctx, swept)]
}

/**
 * The receiver's verdicts, or our own. A receipt of SES does not say who signed: where DMARC does not vouch for From, an aligned
 * signature may (no policy), or a confirmation is bound to the signers, so the stored bytes are asked for them, and only there.
 */
async function authenticationOf(ctx: Ctx, notice: MailReceived): Promise<Authentication> {
  const { authentication } = notice
  if (authentication === undefined) return authenticateStored(ctx, notice)
  const { dmarc, dkim, dkimDomains } = authentication
  const isOversized = notice.sizeBytes > ctx.settings.mailBytesMax
  if (dmarc === 'PASS' || dkim !== 'PASS' || dkimDomains.length > 0 || isOversized) return authentication
  const signed = await ctx.authenticate(await ctx.blobs.get(inboundBlobKey(notice.mailId)), undefined)
  return { ...authentication, dkimDomains: signed.dkimDomains }
}

async function authenticateStored(ctx: Ctx, notice: MailReceived) {
  const raw = await ctx.blobs.get(inboundBlobKey(notice.mailId))
  if (notice.origin === undefined) return { ...(await ctx.authenticate(raw, undefined)), envelopeFrom: LOST_PATH }
  return ctx.authenticate(raw, { ...notice.origin, envelopeFrom: notice.envelopeFrom })
}

async function route(ctx: Ctx, notice: MailReceived, recipient: string): Promise<void> {
  const mailbox = mailboxOf(ctx.settings, recipient)
  const isOversized = notice.sizeBytes > ctx.settings.mailBytesMax
  const next = isOversized ? decided('quarantined', 'oversized') : nextOf(mailbox)
  await insertDelivery(
    ctx,
    { mailId: notice.mailId, recipient, mailbox: mailbox.kind, receivedAt: notice.receivedAt },
    next,
  )
  // After its row: a copy that comes again leaves the same mark.
  if (mailbox.kind === 'probe') await ctx.blobs.put(probeKey(mailbox.token), markOf(notice))
  const delivery = await findDelivery(ctx, notice.mailId, recipient)
  if ('topicName' in next && delivery?.state === 'routed')
    await ctx.topics.publish(next.topicName, JSON.stringify({ mailId: notice.mailId, recipient }))
}

/** When it came, in epoch milliseconds: all that is to be known of a probe. */
function markOf({ receivedAt }: MailReceived): Uint8Array {
  return new TextEncoder().encode(JSON.stringify({ receivedAt }))
}

function nextOf(mailbox: Mailbox): { readonly topicName: TopicName } | { readonly outcome: MailOutcome } {
  switch (mailbox.kind) {
    case 'create':
    case 'lists':
    case 'reports':
      return { topicName: 'mail-create' }
    case 'reply':
    case 'unsubscribe':
      return { topicName: 'mail-reply' }
    case 'postmaster':
    case 'abuse':
    case 'dmarc':
      return decided('ignored', 'kept_for_the_administrator')
    case 'probe':
      return decided('ignored', 'probe')
    case 'unknown':
      return decided('ignored', 'unknown_mailbox')
    case 'other_domain':
      return decided('ignored', 'other_domain')
  }
}

function decided(kind: 'ignored' | 'quarantined', reason: string): { readonly outcome: MailOutcome } {
  return { outcome: { kind, reason, answer: 'nothing', eventIds: [] } }
}
