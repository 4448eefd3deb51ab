import { DescribeActiveReceiptRuleSetCommand, SESClient, SetActiveReceiptRuleSetCommand } from '@aws-sdk/client-ses'
import type { ReceiptRuleSets } from '../receipt-rule-sets.ts'
import { requestHandlerOptions } from './client-options.ts'

const TIMES = { connectionTimeout: 2000, requestTimeout: 10_000 }

/** Receipt rules live in version 1 of SES's API alone, which takes about one call a second: the SDK's own retries serve. */
export function createReceiptRuleSets(): ReceiptRuleSets {
  const client = new SESClient({ maxAttempts: 5, requestHandler: requestHandlerOptions(TIMES) })
  return {
    async active() {
      const { Metadata } = await client.send(new DescribeActiveReceiptRuleSetCommand({}))
      return Metadata?.Name
    },
    async activate(ruleSetName) {
      await client.send(new SetActiveReceiptRuleSetCommand({ RuleSetName: ruleSetName }))
    },
    async deactivate() {
      await client.send(new SetActiveReceiptRuleSetCommand({}))
    },
  }
}
