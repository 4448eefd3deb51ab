import * as z from 'zod'

/** Its doors are open; `ports` are kept for the next start by the settings' names, `told` is for whoever started it. */
const Ready = z.object({ kind: z.literal('ready'), ports: z.record(z.string(), z.number()), told: z.unknown() })

/** The child gives up for a reason that a restart will not mend; `message` is for the person who started it. */
const Refused = z.object({ kind: z.literal('refused'), message: z.string() })

/** What a working child tells its supervisor. */
export const ChildMessage = z.discriminatedUnion('kind', [Ready, Refused])
export type ChildMessage = z.infer<typeof ChildMessage>

/** What the supervisor tells the child: end gracefully. A signal would do, but Windows has none. */
export const stopMessage = 'stop'
