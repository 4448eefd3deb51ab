import { createServer } from 'node:http'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createReceiptRuleSets } from '#shared/platform/aws/receipt-rule-sets.ts'
import { listenLocally } from '#test/harness/aws/listen-locally.ts'

/** Calls by their form fields, as SES's query protocol has them; the emulator does not know receipt rules. */
const calls: Readonly<Record<string, string>>[] = []
let metadata = ''
let close: () => Promise<void>

beforeAll(async () => {
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const fields = Object.fromEntries(new URLSearchParams(body))
      calls.push(fields)
      const action = fields.Action ?? ''
      response.setHeader('content-type', 'text/xml')
      response.end(
        `<${action}Response xmlns="http://ses.amazonaws.com/doc/2010-12-01/"><${action}Result>${metadata}</${action}Result></${action}Response>`,
      )
    })
  })
  const door = await listenLocally(server)
  close = door.close
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_SES: door.endpoint,
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: '000000000000',
    AWS_SECRET_ACCESS_KEY: 'test',
  })
})
afterAll(() => close())

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
