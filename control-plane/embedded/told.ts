import * as z from 'zod'

/** Its doors are open: what the terminal shows of the control plane. */
export const ControlReady = z.object({
  baseUrl: z.string(),
  vendorEmail: z.string(),
  vendorKeyFile: z.string(),
  /** Ports that another program had taken, and what is used instead. */
  moved: z.array(z.object({ what: z.string(), setting: z.string(), from: z.number(), to: z.number() })),
})
export type ControlReady = z.infer<typeof ControlReady>
