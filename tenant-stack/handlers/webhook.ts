import { webhook } from '#tenant-stack/pipelines/handlers/webhook.ts'
import { queueFunction } from './queue-function.ts'

export const handler = queueFunction(webhook)
