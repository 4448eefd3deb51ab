import { report } from '#tenant-stack/pipelines/handlers/report.ts'
import { queueFunction } from './queue-function.ts'

export const handler = queueFunction(report)
