import { sendControlMail } from '#control-plane/core/control-mail/send-control-mail.ts'
import { DUE_SHARDS, duePartition } from '#control-plane/core/due.ts'
import { lookAtLicence } from '#control-plane/core/licence/look-at-licence.ts'
import { tick } from '#control-plane/core/tick.ts'
import { noticeOf } from '#control-plane/manifest.ts'
import type { ProvisioningCtx } from '#control-plane/provisioning/context.ts'
import { followLicence } from '#control-plane/provisioning/follow-licence.ts'
import { lookAtDomain } from '#control-plane/provisioning/look-at-domain.ts'
import { workOnTenant } from '#control-plane/provisioning/work-on-tenant.ts'
import { defineFailures, isFailure } from '#shared/errors/failure.ts'
import type { Told, World } from './world.ts'

/** Handles one message as the queue's function would. */
export async function handle(ctx: ProvisioningCtx, { queueName, body }: Told): Promise<void> {
  const input: unknown = JSON.parse(body)
  if (queueName === 'provision') await workOnTenant(ctx, noticeOf.provision.parse(input))
  else if (queueName === 'licence-changed') await followLicence(ctx, noticeOf['licence-changed'].parse(input))
  else if (queueName === 'licence-due') await lookAtLicence(ctx, noticeOf['licence-due'].parse(input))
  else if (queueName === 'mail-due') await sendControlMail(ctx, noticeOf['mail-due'].parse(input))
  else if (queueName === 'domain-due') await lookAtDomain(ctx, noticeOf['domain-due'].parse(input))
}

export type Driver = {
  /** A message that ends in `comes_again.later` is given back. */
  readonly handle: (told: Told) => Promise<void>
  /** What a person does when nothing else goes on; answers whether he did something. */
  readonly person?: () => Promise<boolean>
  readonly isDone: () => Promise<boolean>
  /** Virtual time after which it counts as stuck. */
  readonly daysMax?: number
}

export const ComesAgain = defineFailures('comes_again', { later: { status: 503, retry: true } })

const DAY = 86_400_000

/** Lets messages, ticks and time go on until it is done; answers whether it came to that. A message whose worker died comes again by its due mark. */
export async function drive(world: World, driver: Driver): Promise<'done' | 'stuck'> {
  const lost: Told[] = []
  const until = world.clock.now() + (driver.daysMax ?? 90) * DAY
  for (;;) {
    const told = world.queue.shift()
    if (told !== undefined) {
      await driver.handle(told).catch((error: unknown) => {
        if (!isFailure(error, 'comes_again.later')) throw error
        lost.push(told)
      })
      continue
    }
    if (await driver.isDone()) return 'done'
    if ((await driver.person?.()) === true) continue
    if (lost.length > 0) {
      // SQS gives it again after its visibility.
      world.clock.set(world.clock.now() + 360_000)
      world.queue.push(...lost.splice(0))
      continue
    }
    const next = await nextDue(world)
    if (next === undefined || next > until) return 'stuck'
    // A row that is due and was told moves its mark; should it not, time goes on all the same.
    world.clock.set(next > world.clock.now() ? next : world.clock.now() + 1000)
    await tick(world.ctxOf())
  }
}

/** The earliest time that any row is due at. */
export async function nextDue({ table, clock }: World): Promise<number | undefined> {
  let earliest: number | undefined
  for (let shard = 0; shard < DUE_SHARDS; shard += 1) {
    const { items } = await table.query({ index: 'gsi1', pk: duePartition(shard), limit: 1 })
    const at = Number(items[0]?.gsi1sk)
    if (items.length > 0 && (earliest === undefined || at < earliest)) earliest = at
  }
  // Written by those who crashed and were not sent: the relay finds them five seconds later.
  const { items } = await table.query({ pk: 'outbox#0', limit: 1 })
  const relayAt = items.length > 0 ? clock.now() + 6000 : undefined
  return earliest === undefined || (relayAt !== undefined && relayAt < earliest) ? (relayAt ?? earliest) : earliest
}
