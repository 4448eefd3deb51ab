import { type App, Validations } from 'aws-cdk-lib'
import { AwsSolutionsChecks } from 'cdk-nag'
import * as z from 'zod'
import type { Acknowledged } from './constructs/acknowledge.ts'

export type NagReport = {
  /** `<rule> <path>` of every finding that nobody acknowledged. */
  readonly unsuppressed: readonly string[]
  readonly suppressed: readonly Acknowledged[]
  /** Acknowledged, but not found: no reason is left for the reason. */
  readonly idle: readonly Acknowledged[]
}

/** What cdk-nag says of every stack of an app. */
export function nagReport(app: App): NagReport {
  const suppressed = acknowledgements(app)
  const blind = new AwsSolutionsChecks(app)
  // The pack reads acknowledgements itself; without them it says everything that it finds.
  Object.assign(blind, { isAcknowledged: () => false })
  const all = findings(blind, app)
  return {
    unsuppressed: findings(new AwsSolutionsChecks(app), app).map(({ ruleId, path }) => `${ruleId} ${path}`),
    suppressed,
    idle: suppressed.filter(
      ({ ruleId, path }) => !all.some((found) => found.ruleId === ruleId && `${found.path}/`.startsWith(`${path}/`)),
    ),
  }
}

type Finding = { readonly ruleId: string; readonly path: string }

function findings(pack: AwsSolutionsChecks, app: App): readonly Finding[] {
  return pack
    .validateScope(app)
    .violations.flatMap(({ ruleName, violatingResources }) =>
      violatingResources.map(({ constructPath }) => ({ ruleId: ruleName, path: constructPath ?? '' })),
    )
}

const Reasons = z.record(z.string(), z.string())

function acknowledgements(app: App): readonly Acknowledged[] {
  return app.node.findAll().flatMap(({ node }) =>
    node.metadata
      .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
      .flatMap(({ data }) => Object.entries(Reasons.parse(data)))
      .map(([ruleId, reason]) => ({ path: node.path, ruleId: ruleId.replace(/^annotation::/i, ''), reason }))
      .filter(({ ruleId }) => ruleId.startsWith('AwsSolutions-')),
  )
}
