import * as z from 'zod'
import { oneOf, whole } from './settings.ts'

/** Settings of the embedded product's own control plane, with their defaults. */
export const controlSettings = {
  /** Unset: on, unless a public address makes this a single licensee's own server. */
  CONVOKE_CONTROL: oneOf('on', 'off').optional(),
  CONVOKE_CONTROL_PORT: whole(0, 65_535).default(8026),
  /** Of the local stand-in for Stripe: its API and checkout pages. */
  CONVOKE_STRIPE_PORT: whole(0, 65_535).default(8027),
  /** Of the local name server, by UDP and TCP. */
  CONVOKE_DNS_PORT: whole(0, 65_535).default(8053),
  /** The vendor's first person; the link to sign in goes there. */
  CONVOKE_VENDOR_EMAIL: z.email('must be an e-mail address').default('vendor@convoke.localhost'),
  /** For the command line alone: another control plane than the one of the data folder, and the key for it. */
  CONVOKE_CONTROL_URL: z.url('must be an address such as https://control.example.com').optional(),
  CONVOKE_CONTROL_KEY: z.string().optional(),
  /** How much faster than the real cloud the simulated one is. */
  CONVOKE_CLOUD_SPEED: whole(1, 3600).default(30),
} as const

const Control = z.object(controlSettings)

/** The same settings by the names the product calls them. */
export function controlSettingsOf(
  variables: z.infer<typeof Control> & { readonly CONVOKE_PUBLIC_URL?: string | undefined },
) {
  return {
    isOn: (variables.CONVOKE_CONTROL ?? (variables.CONVOKE_PUBLIC_URL === undefined ? 'on' : 'off')) === 'on',
    httpPort: variables.CONVOKE_CONTROL_PORT,
    stripePort: variables.CONVOKE_STRIPE_PORT,
    dnsPort: variables.CONVOKE_DNS_PORT,
    vendorEmail: variables.CONVOKE_VENDOR_EMAIL,
    url: variables.CONVOKE_CONTROL_URL,
    key: variables.CONVOKE_CONTROL_KEY,
    cloudSpeed: variables.CONVOKE_CLOUD_SPEED,
  }
}
