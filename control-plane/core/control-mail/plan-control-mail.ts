import type { WriteOperation } from '#shared/platform/table.ts'
import type { Ctx } from '../context.ts'
import { markDue } from '../due.ts'
import type { Notice } from '../outbox.ts'
import { type ControlMail, controlMailKey } from './control-mail.ts'
import { type ControlMailParts, controlMailText } from './control-mail-text.ts'

export type PlannedMail = { readonly mailKey: string; readonly to: string; readonly parts: ControlMailParts }

/** Longer than a yearly period and its tail, so that no mail of a period is sent again in it. */
const RECORD_DAYS = 800

/** The id of a mail: the same `mailKey` names the same mail for ever, and the id fits an SES tag. */
function controlMailIdOf(ctx: Pick<Ctx, 'sha256'>, mailKey: string): string {
  return `cml_${ctx.sha256(mailKey).slice(0, 26)}`
}

/**
 * What belongs into the caller's `commit` so that these mails are sent once: mails that were planned before are left out, and a twin that
 * plans the same ones at the same time makes the commit fail as a whole (`table.condition_failed`).
 */
export async function planControlMails(
  ctx: Ctx,
  mails: readonly PlannedMail[],
): Promise<{ readonly operations: readonly WriteOperation[]; readonly notices: readonly Notice[] }> {
  if (mails.length === 0) return { operations: [], notices: [] }
  const idOf = (mail: PlannedMail) => controlMailIdOf(ctx, mail.mailKey)
  const known = await ctx.table.getMany(mails.map((mail) => controlMailKey(idOf(mail))))
  const missing = mails.filter((mail) => !known.some(({ controlMailId }) => controlMailId === idOf(mail)))
  return {
    operations: missing.map((mail) => putOf(ctx, mail, idOf(mail))),
    notices: missing.map((mail) => ({ queueName: 'mail-due', body: { controlMailId: idOf(mail) } })),
  }
}

function putOf(ctx: Ctx, { mailKey, to, parts }: PlannedMail, controlMailId: string): WriteOperation {
  const now = ctx.clock.now()
  const mail: ControlMail = {
    controlMailId,
    mailKey,
    to,
    ...controlMailText(parts),
    state: 'planned',
    attempt: 0,
    createdAt: now,
  }
  const due = markDue(ctx, { rowName: controlMailId, dueAt: now, queueName: 'mail-due', body: { controlMailId } })
  const expiresAt = Math.trunc(now / 1000) + RECORD_DAYS * 86_400
  return {
    kind: 'put',
    item: { ...controlMailKey(controlMailId), ...mail, ...due, expiresAt },
    when: { row: 'absent' },
  }
}
