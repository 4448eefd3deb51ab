import { handle, type LambdaContext, type LambdaEvent } from 'hono/aws-lambda'
import { wireAws } from '#tenant-stack/wire-aws.ts'
import { withByteOrderMark } from './byte-order-mark.ts'
import { createFront } from './front-app.ts'

const answer = handle(createFront(wireAws(process.env)))

/** The Lambda entry of API and pages, behind API Gateway. */
export const handler = async (event: LambdaEvent, lambdaContext?: LambdaContext) =>
  withByteOrderMark(await answer(event, lambdaContext))
