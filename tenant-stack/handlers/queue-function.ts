import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda'
import { perRecord } from '#shared/runtime/per-record.ts'
import type { PipelineHandler } from '#tenant-stack/pipelines/pipeline-handler.ts'
import { wireAws } from '#tenant-stack/wire-aws.ts'

/** The Lambda entry of a pipeline. The context is made once per instance, at its start: a wrong environment ends it there. */
export function queueFunction(
  pipeline: PipelineHandler,
): (sqsEvent: SQSEvent, lambdaContext: Context) => Promise<SQSBatchResponse> {
  const ctx = wireAws(process.env)
  return (sqsEvent, lambdaContext) => perRecord(sqsEvent, lambdaContext, (body) => pipeline(ctx, body), ctx.log)
}
