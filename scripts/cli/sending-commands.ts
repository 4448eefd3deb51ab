import { randomUUID } from 'node:crypto'
import type * as z from 'zod'
import { SendingView } from '#shared/contracts/sending-api.ts'
import type { TenantCommand } from './command.ts'

function textOf({ is_stopped: isStopped, reason, since, counts }: z.infer<typeof SendingView>): string {
  const seen =
    counts === undefined
      ? ''
      : ` Of ${counts.sent} mails in 7 days ${counts.bounced} bounced, ${counts.complained} were complained about.`
  return isStopped
    ? `Mail is stopped for its ${reason} since ${since}.${seen} Nothing is lost: it waits. Mend the list it came from, then: npm run convoke -- sending resume --reason "…"`
    : `Mail goes out.${seen}`
}

const sendingShow: TenantCommand = {
  noun: 'sending',
  verb: 'show',
  summary: 'See whether mail goes out, or was stopped for its bounces or complaints',
  positionals: [],
  options: {},
  async run(product) {
    const sending = SendingView.parse(await product.api('/sending'))
    return { text: textOf(sending), json: sending }
  },
}

const sendingResume: TenantCommand = {
  noun: 'sending',
  verb: 'resume',
  summary: 'Let mail go out again after it was stopped',
  positionals: [],
  options: { reason: { value: 'TEXT', help: 'What was done about it', isRequired: true } },
  async run(product, { options: { reason } }) {
    const sending = SendingView.parse(
      await product.api('/sending/resume', {
        method: 'POST',
        headers: { 'idempotency-key': randomUUID() },
        body: { reason },
      }),
    )
    return { text: textOf(sending), json: sending }
  },
}

/** Whether the tenant's mail goes out. */
export const sendingCommands: readonly TenantCommand[] = [sendingShow, sendingResume]
