import type { SesSendEvent } from '#shared/contracts/ses-send-event.ts'
import type { Ctx } from '#tenant-stack/core/context.ts'
import { type DeliveryState, moveDelivery } from '#tenant-stack/core/delivery/delivery-state.ts'
import { stopWhenTooBad } from '#tenant-stack/core/sending-stop/sending-stop.ts'
import { suppress } from '#tenant-stack/core/suppression/suppress.ts'
import { takeLateProof } from './late-proof.ts'

type Told = {
  readonly sendId: string
  readonly state: DeliveryState
  /** The mailbox is not there, or its owner has called it spam: nothing more is sent to it. */
  readonly suppresses: boolean
  readonly detail: string
  /** Only a mail to this address is meant. */
  readonly onlyOf?: string
}

/** What SES's event feed says about a mail, done once: the state, the counters, and at once no more mail to a dead or an angry mailbox. */
export async function takeFeedback(ctx: Ctx, sendEvent: SesSendEvent): Promise<void> {
  const told = toldBy(sendEvent)
  if (told !== undefined) await takeTold(ctx, told)
}

/** The same for what a report by mail tells. */
export async function takeTold(ctx: Ctx, told: Told): Promise<'taken' | 'unknown_mail'> {
  const moved = await moveDelivery(ctx, told)
  if (moved === undefined) return 'unknown_mail'
  if (told.state !== 'rejected') await takeLateProof(ctx, moved)
  // Also when the state is not new: whoever told it first may have died here.
  if (told.suppresses && moved.invitation.erasedAt === undefined)
    await suppress(ctx, {
      address: moved.invitation.address,
      reason: told.state === 'complained' ? 'complaint' : 'hard_bounce',
      source: 'feedback',
      detail: told.detail,
    })
  if (told.state === 'bounced' || told.state === 'complained') await stopWhenTooBad(ctx)
  return 'taken'
}

/** SES, "Contents of event data that Amazon SES publishes to Amazon SNS". A Transient bounce may be a full mailbox: the next mail may arrive. */
function toldBy({ eventType, mail, bounce, complaint }: SesSendEvent): Told | undefined {
  const sendId = mail.tags?.sendId?.[0]
  if (sendId === undefined) return undefined
  switch (eventType) {
    case 'Delivery':
      return { sendId, state: 'delivered', suppresses: false, detail: '' }
    case 'DeliveryDelay':
      return { sendId, state: 'delayed', suppresses: false, detail: '' }
    case 'Reject':
      // SES has found a virus: that says nothing of the mailbox.
      return { sendId, state: 'rejected', suppresses: false, detail: '' }
    case 'Bounce':
      return {
        sendId,
        state: 'bounced',
        suppresses: bounce?.bounceType === 'Permanent',
        detail: [bounce?.bounceType, bounce?.bounceSubType].filter((word) => word !== undefined).join(' '),
      }
    case 'Complaint':
      // "not-spam" is the owner's word that it was none after all.
      return complaint?.complaintFeedbackType === 'not-spam'
        ? undefined
        : { sendId, state: 'complained', suppresses: true, detail: complaint?.complaintFeedbackType ?? '' }
    default:
      return undefined
  }
}
