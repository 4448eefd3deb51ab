import * as z from 'zod'

/** Event types that the tenant's configuration set publishes (SES, "Contents of event data that Amazon SES publishes to Amazon SNS"). */
export const SES_EVENT_TYPES = ['Send', 'Reject', 'Delivery', 'Bounce', 'Complaint', 'DeliveryDelay'] as const

/**
 * One event of a sent mail as SES publishes it. Loose on purpose: SES adds fields, and a type that we do not act on is kept, not
 * refused. `mail.tags` carries the message tags of the send, `sendId` among them.
 */
export const SesSendEvent = z.object({
  eventType: z.string(),
  mail: z.object({
    messageId: z.string(),
    timestamp: z.string(),
    tags: z.record(z.string(), z.array(z.string())).optional(),
  }),
  bounce: z.object({ bounceType: z.string(), bounceSubType: z.string().optional() }).optional(),
  complaint: z
    .object({
      complaintFeedbackType: z
        .string()
        .nullish()
        .transform((type) => type ?? undefined),
    })
    .optional(),
})
export type SesSendEvent = z.infer<typeof SesSendEvent>
