import { feedback } from '#tenant-stack/pipelines/handlers/feedback.ts'
import { queueFunction } from './queue-function.ts'

export const handler = queueFunction(feedback)
