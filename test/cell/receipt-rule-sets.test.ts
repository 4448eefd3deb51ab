import { createServer, type Server } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createReceiptRuleSets } from '#shared/platform/aws/receipt-rule-sets.ts'

/** Calls by their form fields, as SES's query protocol has them; the emulator does not know receipt rules. */
const calls: Readonly<Record<string, string>>[] = []
let metadata = ''
let server: Server

beforeAll(async () => {
  server = createServer((request, response) => {
    let text = ''
    request.on('data', (chunk: Buffer) => {
      text += chunk.toString()
    })
    request.on('end', () => {
      const fields = Object.fromEntries(new URLSearchParams(text))
      calls.push(fields)
      const action = fields.Action ?? ''
      response.setHeader('content-type', 'text/xml')
      response.end(
        `<${action}Response xmlns="http://ses.amazonaws.com/doc/2010-12-01/"><${action}Result>${metadata}</${action}Result></${action}Response>`,
      )
    })
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const address = server.address()
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_SES: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`,
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: '000000000000',
    AWS_SECRET_ACCESS_KEY: 'test',
  })
})
afterAll(() => new Promise((resolve) => server.close(resolve)))

describe('the receipt rule sets of SES', () => {
  it('has one active set or none', async () => {
    const ruleSets = createReceiptRuleSets()
    expect(await ruleSets.active()).toBeUndefined()
    metadata =
      '<Metadata><Name>theirs</Name><CreatedTimestamp>2026-11-25T10:00:00.000Z</CreatedTimestamp></Metadata><Rules/>'
    expect(await ruleSets.active()).toBe('theirs')
  })

  it('activates by name, and deactivates by naming none', async () => {
    calls.length = 0
    const ruleSets = createReceiptRuleSets()
    await ruleSets.activate('ours')
    await ruleSets.deactivate()
    expect(calls).toEqual([
      { Action: 'SetActiveReceiptRuleSet', Version: '2010-12-01', RuleSetName: 'ours' },
      { Action: 'SetActiveReceiptRuleSet', Version: '2010-12-01' },
    ])
  })
})
