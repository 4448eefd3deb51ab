import { createServer } from 'node:http'
import { text } from 'node:stream/consumers'
import { listenLocally } from './listen-locally.ts'

/** An account's one active receipt rule set, as SES version 1 answers for it: the emulator has none. */
export type RuleSetsDouble = {
  readonly endpoint: string
  active(): string | undefined
  /** Somebody else's doing. */
  set(ruleSetName: string | undefined): void
  readonly close: () => Promise<void>
}

/** Answers DescribeActiveReceiptRuleSet and SetActiveReceiptRuleSet in the Query protocol (`AWS_ENDPOINT_URL_SES`). */
export async function receiptRuleSets(): Promise<RuleSetsDouble> {
  let active: string | undefined
  const server = createServer((incoming, answer) => {
    void text(incoming).then((body) => {
      const asked = new URLSearchParams(body)
      const action = asked.get('Action') ?? ''
      if (action === 'SetActiveReceiptRuleSet') active = asked.get('RuleSetName') ?? undefined
      const metadata = active === undefined ? '' : `<Metadata><Name>${active}</Name></Metadata><Rules/>`
      const result = action === 'DescribeActiveReceiptRuleSet' ? metadata : ''
      answer.writeHead(200, { 'content-type': 'text/xml' })
      answer.end(
        `<${action}Response xmlns="http://ses.amazonaws.com/doc/2010-12-01/"><${action}Result>${result}</${action}Result><ResponseMetadata><RequestId>0</RequestId></ResponseMetadata></${action}Response>`,
      )
    })
  })
  const { endpoint, close } = await listenLocally(server)
  return {
    endpoint,
    active: () => active,
    set(ruleSetName) {
      active = ruleSetName
    },
    close,
  }
}
