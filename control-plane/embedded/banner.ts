import { relative } from 'node:path'
import { styleText } from 'node:util'
import type { ControlReady } from './told.ts'

const bold = (text: string) => styleText('bold', text, { stream: process.stdout })
const dim = (text: string) => styleText('dim', text, { stream: process.stdout })
const loud = (text: string) => styleText(['bold', 'yellow'], text, { stream: process.stdout })
const link = (text: string) => styleText('cyan', text, { stream: process.stdout })

/** What the terminal says of the control plane. */
export function controlLines({ baseUrl, vendorEmail, vendorKeyFile }: ControlReady): readonly string[] {
  return [
    `  Control     ${link(baseUrl)}  ${dim('sells licences and makes tenants; its cloud, DNS and Stripe are local')}`,
    `  Vendor      ${bold(vendorEmail)}  ${dim(`signs in there; key in ${relative(process.cwd(), vendorKeyFile)}`)}`,
  ]
}

/** One line for every default port that another program had taken. */
export function movedNotes({ moved }: ControlReady): readonly string[] {
  return moved.map(({ what, setting, from, to }) =>
    loud(`Port ${from} is taken by another program: ${what} listens on ${to} instead (${setting} chooses a port).`),
  )
}
