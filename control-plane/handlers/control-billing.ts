import { wireBilling } from '#control-plane/wire-aws.ts'
import { billingWork } from '#control-plane/work/billing-work.ts'
import { queueFunction } from './queue-function.ts'

export const handler = queueFunction(wireBilling(process.env), billingWork)
