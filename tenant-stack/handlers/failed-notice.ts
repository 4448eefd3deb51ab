import { failedNotice } from '#tenant-stack/pipelines/handlers/failed-notice.ts'
import { queueFunction } from './queue-function.ts'

export const handler = queueFunction(failedNotice)
