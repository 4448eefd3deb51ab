import type { PlannedMail } from '#control-plane/core/control-mail/plan-control-mail.ts'
import type { Facts, Run, StepRow } from './run.ts'
import type { Observation, Work } from './step.ts'
import type { StepName } from './step-names.ts'
import type { Visit } from './visit-step.ts'

/** Facts of a run under this beginning say what a step has left where it was: not ours, or out of our reach. */
const LEFT = 'left:'
/** Denied so often, with a quarter of an hour between, the role is revoked and not merely being changed. */
const DENIALS_UNTIL_GIVEN_UP = 3
const RUNS: readonly Run['kind'][] = ['suspend', 'unbind', 'retire', 'delete']

/** What each step leaves in a customer's account that we are not let into any more. Steps that are not here are ours alone to do. */
const leaves: { readonly [N in StepName]?: (work: Work) => string | undefined } = {
  stop_sending: ({ tenant }) => `SES tenant ${tenant.stackName}, which may still send`,
  write_licence: () => undefined,
  prepare_update: () => undefined,
  check_update: () => undefined,
  make_update: () => undefined,
  watch_update: () => undefined,
  remove_identity: ({ tenant }) => `SES identity ${tenant.domainName}`,
  remove_stack: ({ tenant }) => `CloudFormation stack ${tenant.stackName}`,
  watch_stack_gone: ({ tenant }) => `CloudFormation stack ${tenant.stackName}`,
  empty_zone: zoneOf,
  remove_zone: zoneOf,
  delete_kept_zone: zoneOf,
  remove_certificate: ({ tenant }) => `ACM certificate *.${tenant.domainName}`,
  delete_table: ({ facts }) => facts.tableName && `DynamoDB table ${facts.tableName}`,
  delete_bucket: ({ facts }) => facts.bucketName && `S3 bucket ${facts.bucketName}`,
}

function zoneOf({ tenant, facts }: Work): string | undefined {
  return facts.hostedZoneId && `Route 53 zone ${tenant.domainName}, ${facts.hostedZoneId}`
}

/** A customer who has revoked our role can still be suspended and retired: what cannot be reached is left, and he is told of it. */
export function givenUp(work: Work, visit: Visit): Extract<Observation, { readonly kind: 'done' }> | undefined {
  const { tenant, run, step } = work
  if (visit.kind !== 'trouble' || visit.trouble.code !== 'denied') return undefined
  const leave = leaves[step.name]
  if (tenant.placement !== 'customer' || leave === undefined || !RUNS.includes(run.kind)) return undefined
  if (step.attempt + 1 < DENIALS_UNTIL_GIVEN_UP) return undefined
  const left = leave(work)
  return {
    kind: 'done',
    ...(left === undefined ? {} : { left }),
    // There is no change set that later steps could look at.
    ...(step.name === 'prepare_update' ? { outputs: { isUnchanged: 'true', changeSetName: '' } } : {}),
  }
}

export function leftFact(name: StepName, left: string | undefined): Facts {
  return left === undefined ? {} : { [`${LEFT}${name}`]: left }
}

/** What the steps so far have left, each once. */
export function leftOf(facts: Facts): readonly string[] {
  const left = Object.entries(facts).flatMap(([name, text]) => (name.startsWith(LEFT) ? [text] : []))
  return [...new Set(left)]
}

/** What this one has left. */
export function leftBy({ name, outputs }: StepRow): string | undefined {
  return outputs?.[`${LEFT}${name}`]
}

/** The vendor hears at the end of the run of all that it has left. */
export function mailsOfLeft({ ctx, tenant, run }: Work, facts: Facts): readonly PlannedMail[] {
  const left = leftOf(facts)
  if (left.length === 0) return []
  const { tenantId, domainName } = tenant
  return [
    {
      mailKey: `run:${run.runId}:left`,
      to: ctx.licenceSettings.vendorEmail,
      parts: {
        subject: `${domainName}: something is left in account ${tenant.awsAccountId ?? ''}`,
        paragraphs: ['These do not bear our tags, or we are not let in any more; nobody has touched them.', ...left],
        facts: [['Look', `npm run convoke -- tenant run ${tenantId} ${run.runId}`]],
        footer: `${ctx.settings.vendorName}, domain ${domainName}, run ${run.kind}`,
      },
    },
  ]
}
