import type { Figure } from '../../figures/figure.ts'
import { runSuite } from './run-suite.ts'

/** Deploys cell and tenants to the outside emulator and drives them: each case of the suite is a step. */
export async function emulatorFigures(): Promise<readonly Figure[]> {
  const { cases, reported } = await runSuite(
    '--config',
    'vitest.aws.config.ts',
    'test/emulator/stack',
    'test/emulator/cell',
    'test/emulator/control',
  )
  const failed = cases.filter(({ status }) => status !== 'passed')
  for (const { title, failureMessages } of failed)
    process.stdout.write(`emulator: ${title}: ${failureMessages?.[0]?.split('\n')[0] ?? 'did not run'}\n`)
  const deploySeconds = reported.get('deploy_s')
  if (deploySeconds === undefined) throw new Error('nothing was deployed')
  for (const [name, value] of reported) process.stdout.write(`emulator: ${name} ${value.toFixed(2)}\n`)
  return [
    { group: 'emulator', name: 'steps', value: cases.length, unit: 'steps' },
    { group: 'emulator', name: 'failed', value: failed.length, unit: 'steps' },
    { group: 'emulator', name: 'deploy_s', value: deploySeconds, unit: 's' },
  ]
}
