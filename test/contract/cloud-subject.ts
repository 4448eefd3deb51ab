import type { Cloud, CloudPlace } from '#control-plane/cloud/cloud.ts'
import type { TemplateKind } from '#test/harness/cloud/contract-templates.ts'

/** What the suite needs of an implementation; no case reaches inside. */
export type CloudSubject = {
  readonly cloud: Cloud
  /** A place and another account; both are there for other cases and runs too. */
  readonly place: CloudPlace
  readonly otherPlace: CloudPlace
  readonly rootParentId: string
  readonly unitParentId: string
  readonly cellTableName: string
  /** URL of a template that CloudFormation can read. */
  readonly publish: (kind: TemplateKind) => Promise<string>
  /** URL of one that this stack cannot be made of; `mend` before it is tried with another. */
  readonly spoil: (stackName: string) => Promise<{ readonly templateUrl: string; readonly mend: () => void }>
  /** A record as the world's resolvers see it from now on. */
  readonly showRecord: (name: string, type: 'CNAME' | 'MX' | 'TXT', ...values: readonly string[]) => void
  /** Mails that SES has brought to its own servers so far. */
  readonly received: () => readonly { readonly to: string; readonly from: string; readonly subject: string }[]
  /** Returns when so much time has passed for the cloud. */
  readonly passTime: (seconds: number) => Promise<void>
  readonly close: () => Promise<void>
}

export type MakeCloudSubject = () => Promise<CloudSubject>

const LOOKS_MAX = 200
const LOOK_SECONDS = 10

/** Looks again and again while time passes, until what is seen is as wanted. */
export async function until<T>(
  { passTime }: Pick<CloudSubject, 'passTime'>,
  look: () => Promise<T>,
  isAsWanted: (seen: T) => boolean,
): Promise<T> {
  for (let looks = 0; looks < LOOKS_MAX; looks += 1) {
    const seen = await look()
    if (isAsWanted(seen)) return seen
    await passTime(LOOK_SECONDS)
  }
  throw new Error(`it never came to be as wanted: ${JSON.stringify(await look())}`)
}

/** A value that must be there. */
export function demand<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('it is not there')
  return value
}

export const TAGS = { 'cp:tenant': 'ten_a', 'cp:run': 'run_a' }
