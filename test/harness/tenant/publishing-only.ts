import type { Ctx } from '#tenant-stack/core/context.ts'
import { type PipelineName, pipelines } from '#tenant-stack/manifest.ts'

/**
 * The context of one pipeline, whose topics are those that the manifest lets it publish: on AWS its role may do no more, so that a
 * pipeline that publishes elsewhere fails here first.
 */
export function publishingOnly(ctx: Ctx, name: PipelineName): Ctx {
  const allowed: readonly string[] = pipelines[name].publishes
  return {
    ...ctx,
    topics: {
      publish: async (topicName, body) => {
        if (!allowed.includes(topicName))
          throw new TypeError(`${name} published on ${topicName}, which the manifest does not know of`)
        await ctx.topics.publish(topicName, body)
      },
    },
  }
}
