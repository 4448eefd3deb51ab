import { wireEngine } from '#control-plane/wire-aws.ts'
import { engineWork } from '#control-plane/work/engine-work.ts'
import { queueFunction } from './queue-function.ts'

export const handler = queueFunction(wireEngine(process.env), engineWork)
