import { update } from '#tenant-stack/pipelines/handlers/fan-out.ts'
import { queueFunction } from './queue-function.ts'

export const handler = queueFunction(update)
