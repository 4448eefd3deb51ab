import type { NoticeBody, TopicName } from '#shared/contracts/notices.ts'
import type { Ctx } from './context.ts'

/** Publishes a notice in its topic's own shape. */
export async function publish<T extends TopicName>(ctx: Ctx, topicName: T, body: NoticeBody<T>): Promise<void> {
  await ctx.topics.publish(topicName, JSON.stringify(body))
}
