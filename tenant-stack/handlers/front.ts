import { readFile } from 'node:fs/promises'
import { handle, type LambdaContext, type LambdaEvent } from 'hono/aws-lambda'
import { REFERENCE_SCRIPT } from '#shared/contracts/side-files.ts'
import { wireAws } from '#tenant-stack/wire-aws.ts'
import { withByteOrderMark } from './byte-order-mark.ts'
import { createFront } from './front-app.ts'

/** The build puts the script beside this code; it is read when somebody opens the page, so that no start pays for it. */
const referenceScript = () => readFile(new URL(REFERENCE_SCRIPT, import.meta.url))

const answer = handle(createFront(wireAws(process.env), referenceScript))

/** The Lambda entry of API and pages, behind API Gateway. */
export const handler = async (event: LambdaEvent, lambdaContext?: LambdaContext) =>
  withByteOrderMark(await answer(event, lambdaContext))
