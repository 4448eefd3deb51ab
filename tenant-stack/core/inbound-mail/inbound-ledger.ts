import type { MailReceived, TopicName } from '#shared/contracts/notices.ts'
import { isFailure } from '#shared/errors/failure.ts'
import type { Authentication } from '#shared/imip/authentication.ts'
import type { WriteOperation } from '#shared/platform/table.ts'
import type { Ctx } from '../context.ts'
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

/** Writes the mail's row once; a second delivery of the notice changes nothing. */
export async function insertInboundMail(ctx: Ctx, notice: MailReceived, authentication: Authentication): Promise<void> {
  const { origin: _origin, ...mail } = notice
  await insertOnce(ctx, {
    kind: 'put',
    item: {
      ...inboundMailKey(mail.mailId),
      ...mail,
      authentication: { ...authentication, dkimDomains: [...authentication.dkimDomains] },
      expiresAt: expiryOf(mail.receivedAt),
    },
    when: { row: 'absent' },
  })
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
      ...(decided.subject === undefined ? {} : { subject: decided.subject.slice(0, 300) }),
      ...(decided.messageId === undefined ? {} : { messageId: decided.messageId }),
    },
    ...(decided.notices.length === 0 ? { remove: finishedRemoves } : {}),
    when: { attribute: 'state', is: '=', value: 'routed' },
  }
}

/** Publishes what the outcome promised, then marks the row finished; run again after a crash it publishes again. */
export async function publishPromised(ctx: Ctx, mailId: string, recipient: string): Promise<void> {
  const delivery = await findDelivery(ctx, mailId, recipient)
  const notices = delivery?.notices ?? []
  if (delivery === undefined || delivery.state !== 'decided' || notices.length === 0) return
  for (const notice of notices) await ctx.topics.publish(notice.topicName, notice.body)
  await ctx.table.write({
    kind: 'update',
    key: inboundDeliveryKey(mailId, recipient),
    remove: [...finishedRemoves, 'notices'],
    when: { row: 'present' },
  })
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

function logKeys(delivery: { readonly mailId: string; readonly recipient: string; readonly receivedAt: number }) {
  return {
    gsi1pk: `inbound#${new Date(delivery.receivedAt).toISOString().slice(0, 10)}`,
    gsi1sk: `${sortableTime(delivery.receivedAt)}#${delivery.mailId}`,
  }
}

function outcomeRow(outcome: MailOutcome) {
  const { detail, ...rest } = outcome
  return { ...rest, ...(detail === undefined ? {} : { detail: detail.slice(0, 500) }) }
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
