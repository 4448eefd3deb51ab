import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as z from 'zod'
import { localRelease } from '#control-plane/embedded/local-release.ts'
import { type ControlApiInMemory, controlApiInMemory } from '#test/harness/control/control-api.ts'
import type { ApiOptions } from '../call-api.ts'
import { CliFailure } from '../cli-failure.ts'
import type { ControlCommand } from '../command.ts'
import type { ControlPlane } from '../control-plane.ts'
import { controlCommands } from './control-commands.ts'

type Called = { readonly method: string; readonly path: string; readonly status: number; readonly text: string }

/** Operations that no command reaches here, and why. */
const WITHOUT: Readonly<Record<string, string>> = {
  actFor: 'a key stands for one organization; only a signed-in person changes it',
  startImpersonation: 'a key has no eyes: it is done on the pages, in a session',
  endImpersonation: 'as startImpersonation',
  listSessions: 'sessions are of people who signed in; a key has none',
  endSession: 'as listSessions',
  listPasskeys: 'as listSessions',
  renamePasskey: 'as listSessions',
  removePasskey: 'as listSessions',
  handOver: 'a key cannot sit before a console',
  getRun: 'tenant watch shows it, of a tenant that is at work: control-walk.test.ts',
}

/** What each positional and option is in this test. */
const values: Readonly<Record<string, string>> = {
  ADDRESS: 'pat@example.com',
  ROLE: 'viewer',
  DAY: '2027-01-31',
  DOMAIN: 'invites.example.com',
  NUMBER: '10',
  ID: '123456789012',
  ACCOUNT: '123456789012',
  ARN: 'arn:aws:iam::123456789012:role/baseline/baseline-operating',
  REGION: 'us-east-1',
  PLACE: 'cell',
  MODE: 'manual',
  AMOUNT: '497.50',
  YESNO: 'yes',
  RING: '1',
  VERSION: '1.0.0',
  FORMAT: 'csv',
  WHEN: 'person',
}

const Described = z.object({ paths: z.record(z.string(), z.record(z.string(), z.object({ operationId: z.string() }))) })

let api: ControlApiInMemory
let key: string
let folder: string
beforeAll(async () => {
  api = await controlApiInMemory()
  key = await api.key({ kind: 'vendor' }, 'vendor_admin')
  folder = await mkdtemp(join(tmpdir(), 'convoke-cli-'))
  await writeFile(join(folder, 'outputs.json'), JSON.stringify(outputs))
  await writeFile(join(folder, 'manifest.json'), JSON.stringify(localRelease()))
})
afterAll(async () => {
  await api.close()
  await rm(folder, { recursive: true, force: true })
})

const outputs = [
  'CellVersion',
  'TenantOperatingRoleArn',
  'TenantExecutionRoleArn',
  'TenantBoundaryArn',
  'CellRouterRoleArn',
  'CellTableName',
  'ReleaseBucketName',
].map((OutputKey) => ({
  OutputKey,
  OutputValue: OutputKey === 'CellVersion' ? '1.0.0' : 'arn:aws:iam::123456789012:role/x',
}))

function watched(called: Called[]): ControlPlane {
  const ask = async (path: string, { method = 'GET', body }: ApiOptions = {}) => {
    const answer = await api.call(`/v1${path}`, { method, key, ...(body === undefined ? {} : { body }) })
    called.push({ method, path: path.split('?')[0] ?? '', status: answer.status, text: answer.text })
    if (answer.status >= 400) throw CliFailure.refused(answer.text)
    return answer
  }
  return {
    baseUrl: 'http://127.0.0.1:9',
    api: async (path, options) => (await ask(path, options)).body,
    stream: async (path) => Readable.from([Buffer.from((await ask(path)).text)]),
  }
}

/** Each positional and option given, so that nothing of a body or a query goes unseen. */
async function run(command: ControlCommand): Promise<readonly Called[]> {
  const called: Called[] = []
  const sampleOf = (name: string) =>
    name === 'FILE' || name === 'MANIFEST'
      ? join(folder, name === 'MANIFEST' ? 'manifest.json' : command.verb === 'export' ? 'audit.csv' : 'outputs.json')
      : (values[name] ?? 'some')
  const options = Object.entries(command.options).flatMap(([name, { value }]) =>
    value === undefined || value === 'CURSOR'
      ? []
      : [[name, name === 'licensee' ? licenseeId : sampleOf(value)] as const],
  )
  const asked = {
    positionals: command.positionals.map((name) => (name === 'LICENSEE' ? licenseeId : sampleOf(name))),
    options: Object.fromEntries(options),
    flags: new Set(Object.entries(command.options).flatMap(([name, { value }]) => (value === undefined ? [name] : []))),
    isJson: true,
  }
  await command.run(watched(called), asked).catch((error: unknown) => {
    if (called.length === 0) throw error
  })
  return called
}

let licenseeId = ''

describe('commands of the control plane', () => {
  it('reach every operation of its API with what it takes', async () => {
    licenseeId = (await api.licensee('Acme')).licenseeId
    const { paths } = Described.parse((await api.call('/v1/openapi.json')).body)
    const operations = Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, { operationId }]) => ({
        operationId,
        method: method.toUpperCase(),
        pattern: new RegExp(`^${path.replaceAll(/\{\w+\}/g, '[^/]+')}$`),
        isExact: !path.includes('{'),
      })),
    )
    const reached = new Set<string>()
    const faults: string[] = []
    for (const command of controlCommands) {
      for (const { method, path, status, text } of await run(command)) {
        const fitting = operations.filter((one) => one.method === method && one.pattern.test(path))
        const operation = fitting.find(({ isExact }) => isExact) ?? fitting[0]
        // What is unknown is 404 in its own words, what cannot be done now 409: what is malformed is a fault of the command.
        if (operation === undefined || status === 400 || status === 422 || status >= 500)
          faults.push(`${command.noun} ${command.verb}: ${method} ${path} ${status} ${text}`)
        else reached.add(operation.operationId)
      }
    }
    expect(faults).toEqual([])
    const missing = operations.map(({ operationId }) => operationId).filter((id) => !reached.has(id))
    expect(missing.toSorted()).toEqual(Object.keys(WITHOUT).toSorted())
  })

  it('have a name of their own each', () => {
    const names = controlCommands.map(({ noun, verb }) => `${noun} ${verb}`)
    expect(names).toEqual([...new Set(names)])
  })
})
