import { list } from '#tenant-stack/pipelines/handlers/list.ts'
import { queueFunction } from './queue-function.ts'

export const handler = queueFunction(list)
