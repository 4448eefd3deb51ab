import { createHash } from 'node:crypto'
import type { PresentStack, WantedStack } from '#shared/contracts/embedded-stack.ts'
import type { Blobs } from '#shared/platform/blobs.ts'
import type { Clock, Ids } from '#shared/platform/small-ports.ts'
import type { Table } from '#shared/platform/table.ts'
import type { CloudPlace } from '../cloud.ts'
import type { TemplateFacts } from './template-facts.ts'

/** How long things take, in seconds; measured on AWS or its documentation's words, rounded. */
export const SIMULATED_SECONDS = {
  accountCreation: 90,
  accountClosing: 120,
  changeSet: 8,
  stackCreate: 180,
  stackUpdate: 60,
  stackDelete: 90,
  stackRollback: 30,
  driftDetection: 20,
  /** PENDING to INSYNC. */
  dnsChange: 40,
  /** Until a new certificate tells its record. */
  certificateRecord: 5,
  /** From the record seen to the certificate issued. */
  certificateIssue: 60,
  /** How soon SES looks at the records of a new identity. */
  identityLook: 60,
  productionReview: 86_400,
  /** Lists know of what is new after this. */
  listLag: 2,
} as const
export type SimulatedSeconds = { readonly [K in keyof typeof SIMULATED_SECONDS]: number }

/** Limits of one account and region, at AWS's defaults. */
export const SIMULATED_LIMITS = {
  accounts: 10,
  hosted_zones: 500,
  stacks: 2000,
  email_identities: 10_000,
  certificates: 2500,
} as const
export type SimulatedLimits = { readonly [K in keyof typeof SIMULATED_LIMITS]: number }

/** What the resolvers of the world answer. Values as a zone file has them, names without the dot at the end, texts without quotes. */
export type Seen =
  | { readonly kind: 'values'; readonly values: readonly string[] }
  /** NXDOMAIN. */
  | { readonly kind: 'no_name' }
  | { readonly kind: 'no_answer' }
export type Sees = (name: string, type: 'CAA' | 'CNAME' | 'MX' | 'TXT') => Promise<Seen>

/** Where the stacks of the simulated CloudFormation really open. Each call may come again. */
export interface StackHost {
  want(wanted: WantedStack): Promise<void>
  unwant(stackName: string): Promise<void>
  present(stackName: string): Promise<PresentStack | undefined>
}

/** Data of those stacks, by their tenants. */
export interface DataHost {
  /** Made when it is not there. */
  bucket(tenantId: string): Promise<Blobs>
  removeBucket(tenantId: string): Promise<void>
  removeTable(tenantId: string): Promise<void>
}

/** Published templates by their URL; undefined: S3 has nothing there. */
export interface TemplateSource {
  read(templateUrl: string): Promise<TemplateFacts | undefined>
}

/** A mail that SES has taken, on its way to one address. */
export type SimulatedMail = {
  readonly messageId: string
  readonly from: string
  readonly to: string
  readonly subject: string
  readonly text: string
  /** Epoch milliseconds. */
  readonly at: number
}

/** Everything that the simulated services stand on. */
export type Simulation = {
  readonly table: Table
  readonly clock: Clock
  readonly ids: Pick<Ids, 'newToken'>
  readonly stackHost: StackHost
  readonly dataHost: DataHost
  readonly templates: TemplateSource
  readonly sees: Sees
  /** Brings a mail of SES's to the server that takes mail for the address. */
  readonly deliver: (mail: SimulatedMail) => Promise<void>
  /** Public keys of licence files that opened stacks are given, by `kid`: SPKI, PEM. */
  readonly licenceKeys: { readonly [kid: string]: string }
  readonly seconds: SimulatedSeconds
  readonly limits: SimulatedLimits
}

/** Hours after which SES and ACM stop looking. */
export const GIVE_UP_SECONDS = 72 * 3600

export function placeKey({ awsAccountId, region }: CloudPlace): string {
  return `${awsAccountId}/${region}/`
}

export function hasPassed({ clock }: Simulation, since: number, seconds: number): boolean {
  return clock.now() >= since + seconds * 1000
}

/** Lists of AWS come a little after the writes. */
export function isListed(simulation: Simulation, createdAt: number): boolean {
  return hasPassed(simulation, createdAt, simulation.seconds.listLag)
}

/** Lower-case hex; the same for the same words. */
export function digest(...words: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(words)).digest('hex')
}
