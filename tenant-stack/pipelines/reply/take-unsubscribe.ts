import type { Ctx } from '#tenant-stack/core/context.ts'
import type { ReadMail } from '#tenant-stack/core/inbound-mail/decide-delivery.ts'
import { type Decided, ignored } from '#tenant-stack/core/inbound-mail/outcomes.ts'
import { findByUnsubscribeId } from '#tenant-stack/core/reply-address/unsubscribe-id.ts'
import { suppress } from '#tenant-stack/core/suppression/suppress.ts'

const ID = /[0-9a-f]{96}/

/**
 * Mail to `unsubscribe@`: the id of our own link in its subject says whose mail ends, whoever has sent it (RFC 2369 §3.2). Nothing else is
 * taken for a wish: anybody can write any From.
 */
export async function takeUnsubscribe(ctx: Ctx, { mail }: ReadMail): Promise<Decided> {
  const [unsubscribeId] = ID.exec(mail.subject ?? '') ?? []
  const pair = unsubscribeId === undefined ? undefined : await findByUnsubscribeId(ctx, unsubscribeId)
  if (pair === undefined) return ignored('unsubscribe_without_id')
  const { attendeeAddress: address, organizerAddress } = pair
  await suppress(ctx, { address, organizerAddress, reason: 'unsubscribe', source: 'mail' })
  return { outcome: { kind: 'acted', reason: 'unsubscribed', answer: 'nothing', eventIds: [] }, notices: [] }
}
