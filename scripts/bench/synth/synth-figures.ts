import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import * as z from 'zod'
import { buildFunctions } from '#infra/build/build-functions.ts'
import type { Figure } from '../../figures/figure.ts'

const root = join(import.meta.dirname, '../../..')
const CELLS = 25

const Synthesised = z.object({ seconds: z.number(), hash: z.string() })

/** A process of its own, as a deployment of that tenant would be; whatever an environment could carry of a tenant differs. */
async function inChild(what: 'tenant' | 'cells', functionsFile: string, of: Readonly<Record<string, string>>) {
  const env = { ...process.env, CDK_VALIDATION: 'false', ...of }
  const child = join(import.meta.dirname, 'synth-child.ts')
  const { stdout } = await promisify(execFile)(process.execPath, [child, what, functionsFile, String(CELLS)], {
    cwd: root,
    env,
  })
  return Synthesised.parse(JSON.parse(stdout))
}

/** Seconds of one synthesis and of 25 cells in one app, loading the CDK included; and whether two tenants get one template to the byte. */
export async function synthFigures(): Promise<readonly Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'convoke-synth-'))
  try {
    const functionsFile = join(folder, 'functions.json')
    await writeFile(functionsFile, JSON.stringify((await buildFunctions()).bundles))
    const one = await inChild('tenant', functionsFile, {
      CDK_DEFAULT_REGION: 'us-east-1',
      CDK_DEFAULT_ACCOUNT: '111111111111',
      CONVOKE_TENANT_ID: 'ten_01jd0000000000000000000001',
    })
    const other = await inChild('tenant', functionsFile, {
      CDK_DEFAULT_REGION: 'eu-west-1',
      CDK_DEFAULT_ACCOUNT: '222222222222',
      CONVOKE_TENANT_ID: 'ten_01jd0000000000000000000002',
    })
    const cells = await inChild('cells', functionsFile, {})
    return [
      { group: 'synth', name: 'one_s', value: Math.min(one.seconds, other.seconds), unit: 's' },
      { group: 'synth', name: `cells_${CELLS}_s`, value: cells.seconds, unit: 's' },
      { group: 'synth', name: 'same_hash', value: Number(one.hash === other.hash), unit: 'templates' },
    ]
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
