import { inletKey } from '#shared/contracts/cell-inlet.ts'
import { inboundBlobKey, type MailReceived } from '#shared/contracts/notices.ts'
import type { CellCtx } from './context.ts'
import type { TenantRecipients } from './group-recipients.ts'

export type Delivery = {
  readonly sesMessageId: string
  readonly notice: MailReceived
  readonly tenant: TenantRecipients
  /** What this tenant may see of a mail that is not his alone; absent: the object as it is. */
  readonly redacted: Uint8Array | undefined
}

/** The copy first, then the notice that names only this tenant's recipients: a notice without its bytes could not be worked on. */
export async function deliverToTenant(ctx: CellCtx, delivery: Delivery): Promise<void> {
  const { sesMessageId, notice, tenant, redacted } = delivery
  const door = ctx.openDoor(tenant.route)
  const blobKey = inboundBlobKey(notice.mailId)
  if (redacted === undefined) await door.copyFromInlet(inletKey(sesMessageId), blobKey)
  else await door.put(blobKey, redacted)
  const own: MailReceived = {
    ...notice,
    sizeBytes: redacted?.byteLength ?? notice.sizeBytes,
    recipients: [...tenant.recipients],
  }
  await door.notify(JSON.stringify(own))
}
