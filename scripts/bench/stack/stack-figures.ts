import { buildFunctions } from '#infra/build/build-functions.ts'
import { capacityOf } from '#infra/capacity.ts'
import { addBaseline } from '#infra/delivery/add-baseline.ts'
import { nagReport } from '#infra/nag.ts'
import { idleCosts, sumOf } from '#infra/prices.ts'
import { addTemplates, createApp, templatesOf } from '#infra/synthesise.ts'
import { iamWildcards } from '#infra/template/iam-list.ts'
import { resourcesOf, type Template } from '#infra/template/template.ts'
import type { Figure } from '../../figures/figure.ts'

/** What the tenant template is made of, what cdk-nag says of all templates, and what follows for a cell and its bill. */
export async function stackFigures(): Promise<readonly Figure[]> {
  // The checks of this figure are cdk-nag's own run below; the synthesis need not repeat them.
  process.env.CDK_VALIDATION = 'false'
  const app = createApp()
  const { bundles } = await buildFunctions()
  addTemplates(app, { bundles, version: '0.0.0' })
  addBaseline(app, { bundles, settings: undefined })
  const all = templatesOf(app)
  const isBaseline = ({ name }: { readonly name: string }): boolean => name.startsWith('baseline-')
  const published = all.filter((one) => !isBaseline(one))
  const baseline = all.filter(isBaseline)
  const tenant = published.find(({ name }) => name === 'convoke-tenant')
  if (tenant === undefined) throw new Error('there is no tenant template')
  const { template, bytes } = tenant
  const nag = nagReport(app)
  const costs = idleCosts(template)
  for (const { line, usd } of costs) process.stdout.write(`stack: ${usd.toFixed(4)} USD a month for ${line}\n`)
  const count = (type: string) => resourcesOf(template, type).length
  const first = capacityOf(template, 'atFirst')
  const raised = capacityOf(template, 'raised')
  process.stdout.write(`stack: a cell is bound by ${first.boundBy}, with raised quotas by ${raised.boundBy}\n`)
  const rows: readonly (readonly [string, number, string])[] = [
    ['resources', Object.keys(template.Resources).length, 'resources'],
    ['template_kb', bytes / 1024, 'kb'],
    ['functions', count('AWS::Lambda::Function'), 'functions'],
    ['queues', count('AWS::SQS::Queue'), 'queues'],
    ['iam_roles', count('AWS::IAM::Role'), 'roles'],
    ['nag_unsuppressed', nag.unsuppressed.length, 'findings'],
    ['nag_suppressed', nag.suppressed.length, 'findings'],
    ['iam_wildcards', wildcardsOf(published), 'rights'],
    // Receipt rules have no ARN that IAM knows: whoever activates a rule set, or makes one, holds the right over all.
    ['iam_wildcards_of_baseline', wildcardsOf(baseline), 'rights'],
    ['cell_capacity', first.tenants, 'tenants'],
    ['cell_capacity_raised', raised.tenants, 'tenants'],
    ['usd_idle_tenant_month', sumOf(costs), 'usd'],
  ]
  return rows.map(([name, value, unit]) => ({ group: 'stack', name, value, unit }))
}

function wildcardsOf(templates: readonly { readonly template: Template }[]): number {
  return templates.flatMap(({ template }) => iamWildcards(template)).length
}
