import { EventRevised } from '#shared/contracts/notices.ts'
import type { Ctx } from '#tenant-stack/core/context.ts'
import { fanOutKey } from '#tenant-stack/core/fan-out/fan-out.ts'
import { setAsideAt } from '#tenant-stack/core/licence-standing/held-rows.ts'
import { isHeld } from '#tenant-stack/core/licence-standing/held-work.ts'
import { fanOut } from '../fan-out/fan-out.ts'
import type { PipelineHandler } from '../pipeline-handler.ts'

export const cancel: PipelineHandler = (ctx, body) => fanOutUnlessHeld(ctx, body, 'event-cancelled')

export const update: PipelineHandler = (ctx, body) => fanOutUnlessHeld(ctx, body, 'event-updated')

async function fanOutUnlessHeld(ctx: Ctx, body: string, topicName: 'event-updated' | 'event-cancelled'): Promise<void> {
  const revised = EventRevised.parse(JSON.parse(body))
  if (await isHeld(ctx)) return setAsideAt(ctx, fanOutKey(revised))
  await fanOut(ctx, revised, topicName)
}
