import type { Ctx } from '#control-plane/core/context.ts'
import { recordMailEvent } from '#control-plane/core/control-mail/record-mail-event.ts'
import { sendControlMail } from '#control-plane/core/control-mail/send-control-mail.ts'
import { takeTenantNotice } from '#control-plane/core/tenant-notice/take-notice.ts'
import { noticeOf } from '../manifest.ts'

/** Queues of `control-mail`, and who does their work. */
export const mailWork = {
  'mail-due': (ctx: Ctx, body: string) => sendControlMail(ctx, noticeOf['mail-due'].parse(JSON.parse(body))),
  'mail-events': recordMailEvent,
  'tenant-notice': (ctx: Ctx, body: string, sender?: { readonly senderStackName: string }) =>
    takeTenantNotice(ctx, JSON.parse(body), sender),
} as const
