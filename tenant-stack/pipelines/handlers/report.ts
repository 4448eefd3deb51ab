import { ReportDue } from '#shared/contracts/notices.ts'
import type { PipelineHandler } from '../pipeline-handler.ts'
import { sendReport } from '../report/send-report.ts'

export const report: PipelineHandler = async (ctx, body) => sendReport(ctx, ReportDue.parse(JSON.parse(body)))
