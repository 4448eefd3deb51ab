import { handle } from 'hono/aws-lambda'
import { wireAws } from '#tenant-stack/wire-aws.ts'
import { createFront } from './front-app.ts'

/** The Lambda entry of API and pages, behind API Gateway. */
export const handler = handle(createFront(wireAws(process.env)))
