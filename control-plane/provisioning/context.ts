import type { Cloud } from '#control-plane/cloud/cloud.ts'
import type { SigningCtx } from '#control-plane/core/licence/licence-context.ts'
import type { Dns } from '#control-plane/dns/resolvers.ts'

/** Looks from outside whether a tenant's server is there. */
export interface Probes {
  /** GET of an address; `silent` for everything that is no answer of the product's own: time-outs, 5xx, other people's pages. */
  answers(url: string): Promise<'answers' | 'silent'>
}

/** Puts the vendor's name under a text of ours, such as the manifest of an export: Ed25519 over its UTF-8 bytes, base64url. */
export interface TextSigner {
  sign(text: string): { readonly kid: string; readonly signature: string }
}

/** What the vendor's organisation looks like to the engine. */
export type Estate = {
  readonly environment: 'dev' | 'stage' | 'prod'
  /** Where new accounts come to be and where they belong. */
  readonly rootParentId: string
  readonly dedicatedParentId: string
  /** Address of a new account's owner: a new one for each token, and all of them read by the vendor. */
  readonly accountEmailOf: (token: string) => string
  /** Baseline that stands in each account of ours, by the names of its outputs: roles by name, because accounts differ. */
  readonly accountBaseline: (place: { readonly awsAccountId: string; readonly region: string }) => {
    readonly operatingRoleArn: string
    readonly executionRoleArn: string
    readonly tenantBoundaryArn: string
    readonly ruleSetActivatorArn: string
    readonly releaseBucket: string
    readonly cellVersion: string
  }
  /** Queue that tenants' stacks tell how they are; absent: they need none, or tell nobody. */
  readonly noticeQueueUrl?: string
  /** How many accounts stand ready for tenants to come. */
  readonly warmAccounts: number
  /** Keeps what was retired for so long, 30 to 90 days. */
  readonly retentionDays: number
  /** Whom AWS may write to about mail of a new account, and what it is used for. */
  readonly mailUse: { readonly websiteUrl: string; readonly useCase: string; readonly contactEmail: string }
}

/** What the engine may touch besides rows and queues. */
export type ProvisioningCtx = SigningCtx & {
  readonly cloud: Cloud
  readonly dns: Dns
  readonly probes: Probes
  readonly textSigner: TextSigner
  /** Public keys by which tenants' stacks know licence files of ours: SPKI, DER in base64, by kid. */
  readonly licenceKeys: Readonly<Record<string, string>>
  readonly estate: Estate
  /** True when a holder of leases is known to be dead (one process owns the rows of the embedded runtime): they need not be waited for. */
  readonly isWorkerGone: (workerId: string) => boolean
  /** Waits a moment, at most `PAUSE_MAX_MILLISECONDS`, in this process. */
  readonly pause: (milliseconds: number) => Promise<void>
}

/** A wait as short is slept through; a longer one is left to the clock, because a process that waits costs. */
export const PAUSE_MAX_MILLISECONDS = 3000
