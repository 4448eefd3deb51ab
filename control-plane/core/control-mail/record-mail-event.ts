import { recordSendEvent } from '#shared/runtime/send-fate.ts'
import type { Ctx } from '../context.ts'

/** An attempt is asked about for minutes; a month shows a person what bounced. */
const KEPT_SECONDS = 30 * 86_400

/** Keeps what SES tells of a mail of the control plane, so that `mailer.lookup` knows of it. `body` is SES's own, or its word at setting up. */
export async function recordMailEvent(ctx: Ctx, body: string): Promise<void> {
  await recordSendEvent(ctx, body, { keptSeconds: KEPT_SECONDS })
}
