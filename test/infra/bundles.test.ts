import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { gunzipSync } from 'node:zlib'
import { unzipSync } from 'fflate'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as z from 'zod'
import { controlFunctionNames } from '#control-plane/manifest.ts'
import { type Bundled, bundleFunctions, functionNames, READER_CHILD } from '#infra/build/bundle-functions.ts'
import { lazyModulesOf, partsOf } from '#infra/build/function-parts.ts'
import { zipOf } from '#infra/build/zip.ts'
import { REFERENCE_SCRIPT } from '#shared/contracts/side-files.ts'
import { tenantVariables } from '#shared/contracts/tenant-environment.fixture.ts'
import { createMailReader } from '#shared/imip/budget/mail-reader.ts'
import { createCollectingLog } from '#test/harness/platform/collecting-log.ts'
import { readSample, sampleNames } from '#test/harness/samples.ts'

/** Asks the bundled front as API Gateway does for a browser: the page, and what its script tag loads. */
const ASK_FRONT = `
import { handler } from './front.mjs'
const ask = (path, accept) => handler({
  httpMethod: 'GET', path, resource: '/{proxy+}', body: null, isBase64Encoded: false,
  headers: { accept, host: 'api.invites.example.com' }, multiValueHeaders: { accept: [accept], host: ['api.invites.example.com'] },
  queryStringParameters: null, multiValueQueryStringParameters: null, pathParameters: null, stageVariables: null,
  requestContext: { path, stage: 'live', domainName: 'api.invites.example.com', identity: { sourceIp: '192.0.2.1' } },
}, {})
const answers = [await ask('/v1/reference', 'text/html'), await ask('/v1/reference/scalar.js', '*/*')]
process.stdout.write(JSON.stringify(answers))
`
const GatewayAnswer = z.object({
  statusCode: z.number(),
  body: z.string(),
  isBase64Encoded: z.boolean(),
  multiValueHeaders: z.record(z.string(), z.array(z.string())),
})

let bundled: Bundled
let folder: string

beforeAll(async () => {
  bundled = await bundleFunctions()
  folder = await mkdtemp(join(tmpdir(), 'convoke-bundles-'))
  for (const [name, bytes] of bundled.files) await writeFile(join(folder, name), bytes)
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** Packages whose code is in a function's zip. */
function packagesOf(name: string): ReadonlySet<string> {
  const inputs = partsOf(name, bundled.metafile).flatMap((part) =>
    Object.keys(bundled.metafile.outputs[`dist/code/${part}`]?.inputs ?? {}),
  )
  return new Set(inputs.flatMap((path) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? []))
}

/** Packages whose code is loaded when a function starts. */
function packagesAtStart(name: string): ReadonlySet<string> {
  const { outputs } = bundled.metafile
  const found = new Set<string>()
  const open = [`dist/code/${name}.mjs`]
  const seen = new Set<string>()
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    if (seen.has(path)) continue
    seen.add(path)
    const output = outputs[path]
    for (const input of Object.keys(output?.inputs ?? {})) {
      const packageName = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(input)?.[1]
      if (packageName !== undefined) found.add(packageName)
    }
    open.push(
      ...(output?.imports ?? [])
        .filter(({ kind, external }) => kind === 'import-statement' && external !== true)
        .map((one) => one.path),
    )
  }
  return found
}

const sdkClients = (packages: ReadonlySet<string>) =>
  [...packages].flatMap((name) => /^@aws-sdk\/client-([a-z0-9-]+)/.exec(name)?.[1] ?? []).toSorted()

describe('the built functions', () => {
  it('hold mail libraries only where the manifest lists them, and never what belongs to the embedded runtime', () => {
    for (const name of functionNames()) {
      const packages = packagesOf(name)
      for (const module of ['mailparser', 'mailauth'] as const)
        expect([name, module, packages.has(module)]).toEqual([name, module, lazyModulesOf(name).includes(module)])
      for (const stranger of ['smtp-server', '@hono/node-server', 'aws-cdk-lib', 'vitest', 'mjml'])
        expect([name, packages.has(stranger)]).toEqual([name, false])
    }
  })

  it('load no SDK client at their start but that of the table', () => {
    for (const name of ['inlet', 'send-one', 'disassemble', 'front', 'sweeps'])
      expect([name, sdkClients(packagesAtStart(name))]).toEqual([name, ['dynamodb']])
  })

  it('of the control plane start with table, queues and secrets; Stripe and the cloud where they are spoken to', () => {
    for (const name of controlFunctionNames()) {
      const atStart = packagesAtStart(name)
      expect([name, sdkClients(atStart)]).toEqual([name, ['dynamodb', 'secrets-manager', 'sqs']])
      const speaksToStripe = ['control-front', 'control-billing', 'control-sweeps'].includes(name)
      expect([name, atStart.has('stripe')]).toEqual([name, speaksToStripe])
      expect([name, packagesOf(name).has('better-auth')]).toEqual([name, name === 'control-front'])
    }
    for (const name of functionNames().filter((one) => !one.startsWith('control-')))
      for (const stranger of ['stripe', 'better-auth', '@aws-sdk/client-secrets-manager'])
        expect([name, packagesOf(name).has(stranger)]).toEqual([name, false])
  })

  it('hold the reference page’s script beside the code of the one that serves it, and no start loads it', async () => {
    for (const name of functionNames()) {
      const parts = partsOf(name, bundled.metafile)
      expect([name, parts.includes(REFERENCE_SCRIPT)]).toEqual([name, name === 'front'])
      expect([name, packagesOf(name).has('@scalar/fastify-api-reference')]).toEqual([name, false])
    }
    const zip = unzipSync(zipOf(partsOf('front', bundled.metafile), bundled.files))
    const script = zip[REFERENCE_SCRIPT] ?? new Uint8Array()
    expect(gunzipSync(script).toString()).toContain('createApiReference')
    // As base64 in JSON it must fit what a function may answer, 6 MB.
    expect(script.length * (4 / 3)).toBeLessThan(5_000_000)
    expect(Buffer.from(zip[`${REFERENCE_SCRIPT}.LEGAL.txt`] ?? []).toString()).toContain('MIT License')
  })

  it('answer the page and its script from the bundle as API Gateway asks for it', async () => {
    const program = join(folder, 'ask-front.mjs')
    await writeFile(program, ASK_FRONT)
    const { stdout } = await promisify(execFile)(process.execPath, [program], {
      env: { ...tenantVariables },
      maxBuffer: 8_000_000,
    })
    const [page, script] = z.array(GatewayAnswer).parse(JSON.parse(stdout))
    expect([page?.statusCode, page?.isBase64Encoded]).toEqual([200, false])
    expect(page?.body).toContain('reference/scalar.js')
    expect([script?.statusCode, script?.isBase64Encoded, script?.multiValueHeaders['content-encoding']]).toEqual([
      200,
      true,
      ['gzip'],
    ])
    expect(gunzipSync(Buffer.from(script?.body ?? '', 'base64')).toString()).toContain('createApiReference')
  })

  it('are the same bytes whenever they are built', async () => {
    const again = await bundleFunctions()
    for (const name of functionNames()) {
      const zips = [bundled, again].map(({ files, metafile }) => Buffer.from(zipOf(partsOf(name, metafile), files)))
      expect([name, zips[0]?.equals(zips[1] ?? Buffer.alloc(0))]).toEqual([name, true])
    }
  })

  it('refuse to start in an environment that lacks a setting, and say which', async () => {
    await expect(import(pathToFileURL(join(folder, 'inlet.mjs')).href)).rejects.toThrow('CONVOKE_TENANT_ID')
    for (const name of controlFunctionNames())
      await expect(import(pathToFileURL(join(folder, `${name}.mjs`)).href)).rejects.toThrow('CONVOKE_CONTROL_TABLE')
  })

  it('read mail in the bundled child as the embedded one does', async () => {
    const log = createCollectingLog()
    const entry = pathToFileURL(join(folder, `${READER_CHILD}.mjs`))
    const [source, built] = [
      createMailReader({ log, children: 1 }),
      createMailReader({ log, children: 1, spares: 0, entry }),
    ]
    try {
      for (const name of sampleNames()) {
        const raw = readSample(name)
        expect(await built.disassemble(raw)).toEqual(await source.disassemble(raw))
      }
    } finally {
      await Promise.all([source.close(), built.close()])
    }
  })
})
