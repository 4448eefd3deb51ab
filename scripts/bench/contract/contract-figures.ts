import type { Figure } from '../../figures/figure.ts'
import { runSuite, type SuiteRun } from '../emulator/run-suite.ts'

/** Port of a case and its name, without the name of the implementation; undefined for what tests the harness itself. */
function nameOf({ ancestorTitles, title }: SuiteRun['cases'][number]): string | undefined {
  const [suite = '', ...groups] = ancestorTitles
  const port = /^(.+?) contract: /.exec(suite)?.[1]
  return port === undefined ? undefined : [port, ...groups, title].join(' › ')
}

function namesOf({ cases }: SuiteRun): ReadonlySet<string> {
  return new Set(cases.flatMap((one) => nameOf(one) ?? []))
}

/** Runs the ports' contract suites on both implementations: cases that passed, cases nobody ran; throws when their names differ. */
export async function contractFigures(): Promise<readonly Figure[]> {
  const embedded = await runSuite('--project', 'contract')
  const aws = await runSuite(
    '--config',
    'vitest.aws.config.ts',
    'test/emulator/contract',
    'test/emulator/cloud/aws-cloud.test.ts',
  )
  const all = [...embedded.cases, ...aws.cases]
  const failed = all.filter(({ status }) => status === 'failed')
  if (failed.length > 0) throw new Error(`${failed.length} contract cases failed, the first: ${failed[0]?.title}`)
  const [ours, theirs] = [namesOf(embedded), namesOf(aws)]
  const apart = [...[...ours].filter((name) => !theirs.has(name)), ...[...theirs].filter((name) => !ours.has(name))]
  if (apart.length > 0) throw new Error(`${apart.length} contract cases are on one side only, the first: ${apart[0]}`)
  const count = (run: SuiteRun) =>
    run.cases.filter((one) => one.status === 'passed' && nameOf(one) !== undefined).length
  return [
    { group: 'contract', name: 'embedded_cases', value: count(embedded), unit: 'cases' },
    { group: 'contract', name: 'aws_cases', value: count(aws), unit: 'cases' },
    { group: 'contract', name: 'names', value: theirs.size, unit: 'cases' },
    {
      group: 'contract',
      name: 'skipped',
      value: all.filter(({ status }) => status !== 'passed').length,
      unit: 'cases',
    },
  ]
}
