import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import { bundleFunctions } from '#infra/build/bundle-functions.ts'
import { weightOf } from '#infra/build/function-parts.ts'
import { tenantVariables } from '#shared/contracts/tenant-environment.fixture.ts'
import { pipelineNames, plainFunctionNames } from '#tenant-stack/manifest.ts'
import type { Figure } from '../../figures/figure.ts'

const root = join(import.meta.dirname, '..', '..', '..')

/** What Lambda itself sets; nothing is called with it. */
const ofTheRuntime = { AWS_REGION: 'eu-west-1', AWS_ACCESS_KEY_ID: '123456789012', AWS_SECRET_ACCESS_KEY: 'none' }

/** Odd, so that the median is one of them. */
const ROUNDS = 9

/** What a function that loads everything at its start would import: every client and the mail parser. */
const EAGER = `
import '@aws-sdk/client-dynamodb'; import '@aws-sdk/client-s3'; import '@aws-sdk/client-sns'
import '@aws-sdk/client-sqs'; import '@aws-sdk/client-sesv2'; import 'mailparser'
import * as s3 from '@aws-sdk/client-s3'; import * as sns from '@aws-sdk/client-sns'; import * as sqs from '@aws-sdk/client-sqs'
import * as ses from '@aws-sdk/client-sesv2'; import * as mailparser from 'mailparser'
import { handler } from './tenant-stack/handlers/inlet.ts'
export const kept = [s3.S3Client, s3.GetObjectCommand, sns.SNSClient, sqs.SQSClient, ses.SESv2Client, mailparser.simpleParser, handler]
`

/** Bytes of each function, and what importing it costs in a fresh process on this machine, interleaved, median of the rounds. */
export async function coldFigures(): Promise<readonly Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'convoke-cold-'))
  try {
    const { files, metafile } = await bundleFunctions()
    for (const [name, bytes] of files) await writeFile(join(folder, name), bytes)
    await writeEager(join(folder, 'eager.mjs'))
    const names = [...pipelineNames(), ...plainFunctionNames()]
    const took = await importAll(folder, [...names, 'eager'])
    const figures = names.flatMap((name): readonly Figure[] => {
      const { lazyBytes, restBytes } = weightOf(name, metafile)
      return [
        { group: 'cold', name: `${name.replaceAll('-', '_')}_kb`, value: (lazyBytes + restBytes) / 1024, unit: 'kb' },
        { group: 'cold', name: `${name.replaceAll('-', '_')}_import_ms`, value: took(name), unit: 'ms' },
      ]
    })
    return [
      ...figures,
      { group: 'cold', name: 'sdk_kb', value: weightOf('inlet', metafile).sdkBytes / 1024, unit: 'kb' },
      { group: 'cold', name: 'eager_import_ms', value: took('eager'), unit: 'ms' },
      { group: 'cold', name: 'eager_import_ratio', value: took('inlet') / took('eager'), unit: 'x' },
    ]
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function writeEager(outfile: string): Promise<void> {
  await build({
    stdin: { contents: EAGER, resolveDir: root, loader: 'ts' },
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    mainFields: ['module', 'main'],
    minify: true,
    banner: { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" },
    logLevel: 'error',
  })
}

/** Round by round, one after the other, so that what the machine does meanwhile falls on all alike. */
async function importAll(folder: string, names: readonly string[]): Promise<(name: string) => number> {
  const samples = new Map<string, number[]>(names.map((name) => [name, []]))
  for (let round = 0; round < ROUNDS; round += 1)
    for (const name of names) samples.get(name)?.push(await importOnce(join(folder, `${name}.mjs`)))
  return (name) => {
    const sorted = (samples.get(name) ?? []).toSorted((a, b) => a - b)
    return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
  }
}

async function importOnce(path: string): Promise<number> {
  const child = join(import.meta.dirname, 'import-child.ts')
  const { stdout } = await promisify(execFile)(process.execPath, [child, path], {
    env: { PATH: process.env.PATH, ...ofTheRuntime, ...tenantVariables },
  })
  const took = Number(stdout)
  if (!(took > 0)) throw new Error(`${path} cannot be imported: ${stdout}`)
  return took
}
