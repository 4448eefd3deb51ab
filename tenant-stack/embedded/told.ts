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

/** Both doors are open: what the terminal shows. */
export const Ready = z.object({
  httpPort: z.number(),
  smtpPort: z.number(),
  /** The default port that was taken by another program. */
  httpMovedFrom: z.number().exactOptional(),
  smtpMovedFrom: z.number().exactOptional(),
  facts: Facts,
  demoKey: z.object({ secret: z.string(), file: z.string(), isNew: z.boolean() }),
})
export type Ready = z.infer<typeof Ready>
