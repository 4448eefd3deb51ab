import { createReceiptRuleSets } from '#shared/platform/aws/receipt-rule-sets.ts'
import { createJsonLog } from '#shared/platform/node/json-log.ts'
import { putAnswer } from '#shared/platform/node/put-answer.ts'
import { systemClock } from '#shared/platform/node/system-clock.ts'
import type { ActivatorCtx } from './cell/answer-cloudformation.ts'

/** Chooses the implementations of the activator, which has no settings. */
export function wireActivator(): ActivatorCtx {
  return {
    ruleSets: createReceiptRuleSets(),
    log: createJsonLog({ clock: systemClock, writeLine: (line) => void process.stderr.write(line) }),
    putAnswer,
  }
}
