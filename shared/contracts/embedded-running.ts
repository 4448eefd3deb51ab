import * as z from 'zod'

/** Name of the note of a running product, in the data folder. */
export const runningFileName = 'running.json'

/** Where it listens, for the command line and for the mail that the simulated SES brings; the ports may differ from the settings. `pid`: its working child. */
export const Running = z.object({ baseUrl: z.string(), smtpHost: z.string(), smtpPort: z.number(), pid: z.number() })
export type Running = z.infer<typeof Running>
