import { send } from '#tenant-stack/pipelines/handlers/send.ts'
import { queueFunction } from './queue-function.ts'

export const handler = queueFunction(send)
