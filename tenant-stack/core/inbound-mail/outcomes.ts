import type { TopicName } from '#shared/contracts/notices.ts'
import type { MailOutcome } from './inbound-mail.ts'

/** A decision about one mail: its outcome, and the notices that outcome promises. */
export type Decided = {
  readonly outcome: MailOutcome
  readonly notices: readonly { readonly topicName: TopicName; readonly body: string }[]
}

export function ignored(reason: string, detail?: string): Decided {
  return decided('ignored', reason, detail)
}

export function quarantined(reason: string, detail?: string): Decided {
  return decided('quarantined', reason, detail)
}

function decided(kind: MailOutcome['kind'], reason: string, detail: string | undefined): Decided {
  return {
    outcome: { kind, reason, answer: 'nothing', eventIds: [], ...(detail === undefined ? {} : { detail }) },
    notices: [],
  }
}
