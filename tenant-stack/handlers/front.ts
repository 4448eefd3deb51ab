import { readFile } from 'node:fs/promises'
import { handle } from 'hono/aws-lambda'
import { REFERENCE_SCRIPT } from '#shared/contracts/side-files.ts'
import { wireAws } from '#tenant-stack/wire-aws.ts'
import { createFront } from './front-app.ts'

/** The build puts the script beside this code; it is read when somebody opens the page, so that no start pays for it. */
const referenceScript = () => readFile(new URL(REFERENCE_SCRIPT, import.meta.url))

/** The Lambda entry of API and pages, behind API Gateway. */
export const handler = handle(createFront(wireAws(process.env), referenceScript))
