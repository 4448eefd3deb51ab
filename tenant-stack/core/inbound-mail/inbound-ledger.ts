import type { MailReceived, TopicName } from '#shared/contracts/notices.ts'
import { isFailure } from '#shared/errors/failure.ts'
import type { Authentication } from '#shared/imip/authentication.ts'
import type { Condition, WriteOperation } from '#shared/platform/table.ts'
import { clip } from '../clip.ts'
import type { Ctx } from '../context.ts'
import { normalizeAddress } from '../mailbox/mailbox.ts'
import { finishedRemoves, markUnfinished, sortableTime } from '../unfinished.ts'
import {
  INBOUND_ROW_SECONDS,
  InboundDelivery,
  InboundMail,
  inboundDeliveryKey,
  inboundMailKey,
  type MailOutcome,
} from './inbound-mail.ts'

export async function findInboundMail(ctx: Ctx, mailId: string): Promise<InboundMail | undefined> {
  const row = await ctx.table.get(inboundMailKey(mailId))
  return row === undefined ? undefined : InboundMail.parse(row)
}

/** Whether a mail has its row and one for each mailbox it is for; a mail with fewer was dropped on its way in. */
export async function isRouted(ctx: Ctx, mailId: string): Promise<boolean> {
  const inbound = await findInboundMail(ctx, mailId)
  if (inbound === undefined) return false
  const { items } = await ctx.table.query({ pk: inboundMailKey(mailId).pk, sk: { beginsWith: 'to#' }, limit: 1000 })
  const routed = new Set(items.map((item) => item.recipient))
  return inbound.recipients.every((recipient) => routed.has(normalizeAddress(recipient)))
}

/** Writes the mail's row once; a second delivery of the notice changes nothing. */
export async function insertInboundMail(ctx: Ctx, notice: MailReceived, authentication: Authentication): Promise<void> {
  const { origin: _origin, ...mail } = notice
  const isSwept = isSweptNotice(notice)
  await insertOnce(ctx, {
    kind: 'put',
    item: {
      ...inboundMailKey(mail.mailId),
      ...mail,
      ...(isSwept ? { isSwept } : {}),
      authentication: authenticationRow(authentication),
      expiresAt: expiryOf(mail.receivedAt),
    },
    when: { row: 'absent' },
  })
}

/** A notice that the sweep made up: it knows neither how the mail came in nor to whom. */
export function isSweptNotice(notice: MailReceived): boolean {
  return notice.origin === undefined && notice.authentication === undefined
}

/** What the late notice of a swept mail knows better; holds only once. */
export function unsweptOperation(notice: MailReceived, authentication: Authentication): WriteOperation {
  return {
    kind: 'update',
    key: inboundMailKey(notice.mailId),
    set: {
      isSwept: false,
      envelopeFrom: notice.envelopeFrom,
      recipients: [...notice.recipients],
      authentication: authenticationRow(authentication),
    },
    when: { attribute: 'isSwept', is: '=', value: true },
  }
}

export async function findDelivery(ctx: Ctx, mailId: string, recipient: string): Promise<InboundDelivery | undefined> {
  const row = await ctx.table.get(inboundDeliveryKey(mailId, recipient))
  return row === undefined ? undefined : InboundDelivery.parse(row)
}

/** Writes the ledger row of a mail for one mailbox: routed to a topic, or decided at once. Once only. */
export async function insertDelivery(
  ctx: Ctx,
  delivery: Pick<InboundDelivery, 'mailId' | 'recipient' | 'mailbox' | 'receivedAt'>,
  next: { readonly topicName: TopicName } | { readonly outcome: MailOutcome },
): Promise<void> {
  const body = JSON.stringify({ mailId: delivery.mailId, recipient: delivery.recipient })
  await insertOnce(ctx, {
    kind: 'put',
    item: {
      ...inboundDeliveryKey(delivery.mailId, delivery.recipient),
      ...delivery,
      ...logKeys(delivery),
      expiresAt: expiryOf(delivery.receivedAt),
      ...('outcome' in next
        ? { state: 'decided', outcome: outcomeRow(next.outcome) }
        : {
            state: 'routed',
            ...markUnfinished(ctx, {
              rowName: delivery.mailId,
              dueAt: ctx.clock.now() + 60_000,
              topicName: next.topicName,
              body,
            }),
          }),
    },
    when: { row: 'absent' },
  })
}

/** The write that decides a delivery: holds only while it is still undecided. It stays unfinished until its notices are out. */
export function decideDeliveryOperation(
  delivery: InboundDelivery,
  decided: {
    readonly outcome: MailOutcome
    readonly notices: readonly { readonly topicName: TopicName; readonly body: string }[]
    readonly from?: string
    readonly subject?: string
    readonly messageId?: string
  },
): WriteOperation {
  return {
    kind: 'update',
    key: inboundDeliveryKey(delivery.mailId, delivery.recipient),
    set: {
      state: 'decided',
      outcome: outcomeRow(decided.outcome),
      notices: decided.notices.map((notice) => ({ ...notice })),
      ...(decided.from === undefined ? {} : { from: decided.from }),
      ...(decided.subject === undefined ? {} : { subject: clip(decided.subject, 300) }),
      ...(decided.messageId === undefined ? {} : { messageId: decided.messageId }),
    },
    ...(decided.notices.length === 0 ? { remove: finishedRemoves } : {}),
    when: isAt(delivery, 'routed'),
  }
}

/** Lets a delivery be decided anew, now that more is known of its sender; holds only while it is as it was read. */
export function reopenDeliveryOperation(
  ctx: Ctx,
  delivery: InboundDelivery,
  known: { readonly confirmedAddress?: string } = {},
): WriteOperation {
  const { mailId, recipient, state, turn = 0 } = delivery
  const mark = markUnfinished(ctx, {
    rowName: mailId,
    dueAt: ctx.clock.now() + 60_000,
    topicName: 'mail-create',
    body: JSON.stringify({ mailId, recipient }),
  })
  return {
    kind: 'update',
    key: inboundDeliveryKey(mailId, recipient),
    set: { state: 'routed', turn: turn + 1, ...known, ...mark },
    remove: ['outcome', 'notices', 'sweeps'],
    when: isAt(delivery, state),
  }
}

/** The delivery is in this state, and in the turn that was read. */
function isAt({ turn }: InboundDelivery, state: InboundDelivery['state']): Condition {
  return {
    allOf: [
      { attribute: 'state', is: '=', value: state },
      turn === undefined ? { attribute: 'turn', is: 'absent' } : { attribute: 'turn', is: '=', value: turn },
    ],
  }
}

/** Publishes what the outcome promised, then marks the row finished; run again after a crash it publishes again. */
export async function publishPromised(ctx: Ctx, mailId: string, recipient: string): Promise<void> {
  const delivery = await findDelivery(ctx, mailId, recipient)
  const notices = delivery?.notices ?? []
  if (delivery === undefined || delivery.state !== 'decided' || notices.length === 0) return
  for (const notice of notices) await ctx.topics.publish(notice.topicName, notice.body)
  try {
    await ctx.table.write({
      kind: 'update',
      key: inboundDeliveryKey(mailId, recipient),
      remove: [...finishedRemoves, 'notices'],
      when: isAt(delivery, 'decided'),
    })
  } catch (error) {
    // Opened again meanwhile: the mark and the notices are those of the new turn.
    if (!isFailure(error, 'table.condition_failed')) throw error
  }
}

/** The inbound log, newest first, of one UTC day (`YYYY-MM-DD`). */
export async function listDeliveries(
  ctx: Ctx,
  query: { readonly day: string; readonly limit: number; readonly cursor?: string },
): Promise<{ readonly deliveries: readonly InboundDelivery[]; readonly cursor?: string }> {
  const page = await ctx.table.query({
    index: 'gsi1',
    pk: `inbound#${query.day}`,
    descending: true,
    limit: query.limit,
    ...(query.cursor === undefined ? {} : { cursor: query.cursor }),
  })
  return {
    deliveries: page.items.map((item) => InboundDelivery.parse(item)),
    ...(page.cursor === undefined ? {} : { cursor: page.cursor }),
  }
}

function authenticationRow(authentication: Authentication) {
  return { ...authentication, dkimDomains: [...authentication.dkimDomains] }
}

function logKeys(delivery: { readonly mailId: string; readonly recipient: string; readonly receivedAt: number }) {
  return {
    gsi1pk: `inbound#${new Date(delivery.receivedAt).toISOString().slice(0, 10)}`,
    gsi1sk: `${sortableTime(delivery.receivedAt)}#${delivery.mailId}`,
  }
}

function outcomeRow(outcome: MailOutcome) {
  const { detail, ...rest } = outcome
  return { ...rest, ...(detail === undefined ? {} : { detail: clip(detail, 500) }) }
}

function expiryOf(receivedAt: number): number {
  return Math.floor(receivedAt / 1000) + INBOUND_ROW_SECONDS
}

async function insertOnce(ctx: Ctx, operation: WriteOperation): Promise<void> {
  try {
    await ctx.table.write(operation)
  } catch (error) {
    if (!isFailure(error, 'table.condition_failed')) throw error
  }
}
