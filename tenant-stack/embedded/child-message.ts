import * as z from 'zod'

const Facts = z.object({
  domainName: z.string(),
  createAddress: z.string(),
  smtpAddress: z.string(),
  pagesUrl: z.string(),
  apiUrl: z.string(),
  relayHost: z.string().exactOptional(),
  isLoopbackTrusted: z.boolean(),
  tries: z.array(z.object({ title: z.string(), command: z.string(), result: z.string() })),
})

/** Both doors are open; what the supervisor shows, and the ports it keeps for the next start. */
const Ready = z.object({
  kind: z.literal('ready'),
  httpPort: z.number(),
  smtpPort: z.number(),
  /** The default port that was taken by another program. */
  httpMovedFrom: z.number().exactOptional(),
  smtpMovedFrom: z.number().exactOptional(),
  facts: Facts,
  demoKey: z.object({ secret: z.string(), file: z.string(), isNew: z.boolean() }),
})
export type Ready = z.infer<typeof Ready>

/** The child gives up for a reason that a restart will not mend; `message` is for the person who started it. */
const Refused = z.object({ kind: z.literal('refused'), message: z.string() })

/** What the working child tells its supervisor. */
export const ChildMessage = z.discriminatedUnion('kind', [Ready, Refused])
export type ChildMessage = z.infer<typeof ChildMessage>

/** What the supervisor tells the child: end gracefully. A signal would do, but Windows has none. */
export const stopMessage = 'stop'
