import { reply } from '#tenant-stack/pipelines/handlers/reply.ts'
import { queueFunction } from './queue-function.ts'

export const handler = queueFunction(reply)
