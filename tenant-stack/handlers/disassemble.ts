import { disassemble } from '#tenant-stack/pipelines/handlers/disassemble.ts'
import { queueFunction } from './queue-function.ts'

export const handler = queueFunction(disassemble)
