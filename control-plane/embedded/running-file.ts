import * as z from 'zod'

/** The note's name in the data folder. */
export const controlRunningFileName = 'control-running.json'

/** Where a running control plane listens, for the command line; the ports may differ from the settings. */
export const ControlRunning = z.object({
  baseUrl: z.string(),
  stripeUrl: z.string(),
  dnsPort: z.number(),
  pid: z.number(),
})
export type ControlRunning = z.infer<typeof ControlRunning>
