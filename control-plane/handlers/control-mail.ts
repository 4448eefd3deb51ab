import { wireMail } from '#control-plane/wire-aws.ts'
import { mailWork } from '#control-plane/work/mail-work.ts'
import { queueFunction } from './queue-function.ts'

export const handler = queueFunction(wireMail(process.env), mailWork)
