import * as z from 'zod'
import { domainName } from './settings.ts'

/**
 * How the two planes of one machine meet: two folders below the data folder. The control plane's simulated CloudFormation writes what
 * stack is wanted; the tenant runtime opens or closes it and writes what is. Each writes its own folder alone, whole files by rename.
 */
export const WANTED_STACKS_FOLDER = 'stacks/wanted'
export const PRESENT_STACKS_FOLDER = 'stacks/present'

/**
 * Data of a stamped tenant: `tenants/<tenantId>/`. Its bucket is `blobs/` below it (`createFileBlobs`); the licence file lies there under
 * `LICENCE_FILE_KEY`.
 */
export const TENANTS_FOLDER = 'tenants'

/** Notices of tenants to the control plane, one file each; whoever has read one deletes it. */
export const TENANT_NOTICES_FOLDER = 'notices'

export function stackFileName(stackName: string): string {
  return `${stackName}.json`
}

/** A stack that should be open. No file: it should be closed; its data stays. */
export const WantedStack = z.object({
  stackName: z.string().regex(/^[A-Za-z][A-Za-z0-9-]{0,127}$/),
  /** Names its folder. */
  tenantId: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/),
  domainName,
  templateVersion: z.string(),
  /** Parameters of the tenant template, by name. */
  parameters: z.record(z.string(), z.string()),
  /** Public keys of licence files by `kid`: SPKI, as PEM or as base64 of DER. None: the stack asks for no licence. */
  licenceKeys: z.record(z.string(), z.string()),
})
export type WantedStack = z.infer<typeof WantedStack>

/** What has become of it; `outputs` by the names of the tenant template's outputs. */
export const PresentStack = z.object({
  stackName: z.string(),
  tenantId: z.string(),
  status: z.enum(['open', 'failed', 'closed']),
  /** The parameters that are in force. */
  parameters: z.record(z.string(), z.string()),
  outputs: z.record(z.string(), z.string()),
  reason: z.string().exactOptional(),
})
export type PresentStack = z.infer<typeof PresentStack>
