import { createdNotice } from '#tenant-stack/pipelines/handlers/created-notice.ts'
import { queueFunction } from './queue-function.ts'

export const handler = queueFunction(createdNotice)
