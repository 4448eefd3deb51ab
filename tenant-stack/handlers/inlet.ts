import { inlet } from '#tenant-stack/pipelines/handlers/inlet.ts'
import { queueFunction } from './queue-function.ts'

export const handler = queueFunction(inlet)
