import type { TopicName } from '#shared/contracts/notices.ts'
import { defineFailures } from '#shared/errors/failure.ts'
import type { Ctx } from '../context.ts'

const LicenceFailure = defineFailures('licence', { suspended: { status: 403, retry: false } })

/** What goes on whatever the licence says: mail is taken in, and no answer is lost over a bill. */
const ALWAYS: ReadonlySet<string> = new Set<TopicName>(['mail-received', 'mail-reply', 'send-events'])

/** True of work that rests while the licence is not in force: it leads to mail. */
export function isHeldTopic(topicName: string): boolean {
  return !ALWAYS.has(topicName)
}

/** What a stop of the tenant's own mail holds: the mails to attendees, and nothing that leads to them. */
const SENDS: ReadonlySet<string> = new Set<TopicName>(['invitation-requested', 'chunk-planned'])

/** True of work that hands mail to attendees over. */
export function isSendTopic(topicName: string): boolean {
  return SENDS.has(topicName)
}

/**
 * True while the stack may only take mail in. Who then leaves work alone sets its row aside (`held-rows.ts`), or leaves that to the
 * sweep, which brings all back when the licence is in force again.
 */
export async function isHeld(ctx: Ctx): Promise<boolean> {
  return !(await ctx.licence.standing()).isWorking
}

/** Throws `licence.suspended` where nothing may be changed. */
export async function assertLicensed(ctx: Ctx): Promise<void> {
  if (await isHeld(ctx))
    throw LicenceFailure.suspended(
      'The licence of this server is not in force: nothing can be changed and nothing is sent. Answers are still recorded.',
    )
}
