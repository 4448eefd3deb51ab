import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda'
import { perRecord } from '#shared/runtime/per-record.ts'
import { readInletNotice } from '#tenant-stack/cell/read-inlet-notice.ts'
import { routeMail } from '#tenant-stack/cell/route-mail.ts'
import { wireCell } from '#tenant-stack/wire-cell.ts'

const ctx = wireCell(process.env)

/** The Lambda entry of the cell's router: one receipt of SES per record. */
export function handler(sqsEvent: SQSEvent, lambdaContext: Context): Promise<SQSBatchResponse> {
  return perRecord(
    sqsEvent,
    lambdaContext,
    async (body) => {
      const sesReceipt = readInletNotice(body)
      if (sesReceipt === undefined) ctx.log.info({ at: 'cell.setup_notice' })
      else await routeMail(ctx, sesReceipt)
    },
    ctx.log,
  )
}
