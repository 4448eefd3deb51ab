import type { Ctx } from '#tenant-stack/core/context.ts'

/** One pipeline's function: takes a notice's body; throws to be given it again. */
export type PipelineHandler = (ctx: Ctx, body: string) => Promise<void>
