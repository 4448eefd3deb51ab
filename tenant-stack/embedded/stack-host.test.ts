import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { PresentStack, type WantedStack } from '#shared/contracts/embedded-stack.ts'
import { createCollectingLog } from '#test/harness/platform/collecting-log.ts'
import { createManualClock } from '#test/harness/platform/manual-clock.ts'
import { createStackHost } from './stack-host.ts'

const ownDomainName = 'demo.localhost'
let dataFolder = ''
let acts: string[]
let isBroken: (stack: WantedStack) => boolean
let clock: ReturnType<typeof createManualClock>
const hosts: { stop(): Promise<void> }[] = []

beforeEach(async () => {
  dataFolder = await mkdtemp(join(tmpdir(), 'convoke-stacks-'))
  acts = []
  isBroken = () => false
  clock = createManualClock()
})
afterEach(async () => {
  for (const host of hosts.splice(0)) await host.stop()
  await rm(dataFolder, { recursive: true, force: true })
})

async function start() {
  const host = await createStackHost({ dataFolder, ownDomainName, clock, log: createCollectingLog() })
  hosts.push(host)
  return host
}

async function open(stack: WantedStack) {
  if (isBroken(stack)) throw new Error('no room')
  acts.push(`open ${stack.domainName} ${stack.parameters.Audience ?? ''}`.trim())
  return {
    tenantId: stack.tenantId,
    domainName: stack.domainName,
    outputs: { ApiUrl: `http://${stack.domainName}` },
    close: async () => void acts.push(`close ${stack.domainName}`),
  }
}

const wanted = (name: string, change: Partial<WantedStack> = {}): WantedStack => ({
  stackName: name,
  tenantId: `ten_${name}`,
  domainName: `${name}.example`,
  templateVersion: '1',
  parameters: {},
  licenceKeys: {},
  ...change,
})
const fileOf = (name: string) => join(dataFolder, 'stacks/wanted', `${name}.json`)
const want = (stack: WantedStack) => writeFile(fileOf(stack.stackName), JSON.stringify(stack))
const present = async (name: string) =>
  PresentStack.parse(JSON.parse(await readFile(join(dataFolder, 'stacks/present', `${name}.json`), 'utf8')))

it('opens what is wanted, changes it, and closes what is not wanted any more', async () => {
  const host = await start()
  host.run(open)
  await want(wanted('a'))
  await host.look()
  expect(await present('a')).toMatchObject({ status: 'open', outputs: { ApiUrl: 'http://a.example' } })
  expect(host.atDomain('a.example')).toMatchObject({ tenantId: 'ten_a' })
  await host.look()
  await want(wanted('a', { parameters: { Audience: 'everyone' } }))
  await host.look()
  expect(await present('a')).toMatchObject({ status: 'open', parameters: { Audience: 'everyone' } })
  await rm(fileOf('a'))
  await host.look()
  expect(await present('a')).toMatchObject({ status: 'closed', outputs: {} })
  expect(host.atDomain('a.example')).toBeUndefined()
  expect(acts).toEqual(['open a.example', 'close a.example', 'open a.example everyone', 'close a.example'])
})

it('has told of a closed stack when whoever looks beside it goes on', async () => {
  const host = await start()
  host.run(open)
  for (let round = 0; round < 20; round += 1) {
    await want(wanted('a'))
    await host.look()
    await rm(fileOf('a'))
    await Promise.all(Array.from({ length: 5 }, () => host.look()))
    expect(await present('a')).toMatchObject({ status: 'closed' })
  }
})

it('knows the domains of a predecessor before it opens them, and tells of those that went meanwhile', async () => {
  const before = await start()
  await want(wanted('a'))
  await want(wanted('b'))
  before.run(open)
  await before.look()
  await before.stop()
  await rm(fileOf('b'))
  const host = await start()
  expect(host.atDomain('a.example')).toBe('not_open')
  expect(await present('b')).toMatchObject({ status: 'closed' })
  host.run(open)
  await host.look()
  expect(host.atDomain('a.example')).toMatchObject({ domainName: 'a.example' })
})

it('tells why one cannot be opened, opens the others, and tries again later', async () => {
  const host = await start()
  isBroken = ({ stackName }) => stackName === 'a'
  await want(wanted('a'))
  await want(wanted('b'))
  host.run(open)
  await host.look()
  expect(await present('a')).toMatchObject({ status: 'failed', reason: 'no room' })
  expect(host.atDomain('a.example')).toBe('not_open')
  expect(await present('b')).toMatchObject({ status: 'open' })
  isBroken = () => false
  await host.look()
  expect(await present('a')).toMatchObject({ status: 'failed' })
  clock.advance(15)
  await host.look()
  expect(await present('a')).toMatchObject({ status: 'open' })
})

it('lets no stack wait for another that takes long to close', async () => {
  const host = await start()
  const { promise: slow, resolve: release } = Promise.withResolvers<void>()
  host.run(async (stack) => ({ ...(await open(stack)), ...(stack.stackName === 'a' ? { close: () => slow } : {}) }))
  await want(wanted('a'))
  await host.look()
  await rm(fileOf('a'))
  void host.look()
  await want(wanted('b'))
  while (!acts.includes('open b.example')) {
    void host.look()
    await new Promise((resolve) => setImmediate(resolve))
  }
  expect(host.atDomain('a.example')).toBe('not_open')
  expect(await present('a')).toMatchObject({ status: 'open' })
  release()
  await host.look()
  expect(await present('a')).toMatchObject({ status: 'closed' })
})

it('gives a tenant or a domain to one stack, and the machine’s own to none', async () => {
  const host = await start()
  await want(wanted('a'))
  await want(wanted('b', { domainName: 'a.example' }))
  await want(wanted('c', { tenantId: 'ten_a' }))
  await want(wanted('d', { domainName: ownDomainName }))
  host.run(open)
  await host.look()
  expect(acts).toEqual(['open a.example'])
  for (const name of ['b', 'c', 'd']) expect(await present(name)).toMatchObject({ status: 'failed' })
})

it('takes no file that names another stack, leaves the folder, or is torn; one that was read stays open', async () => {
  const host = await start()
  host.run(open)
  await want(wanted('a'))
  await writeFile(fileOf('b'), JSON.stringify(wanted('c')))
  await writeFile(fileOf('e'), JSON.stringify(wanted('e', { tenantId: '../../etc' })))
  await host.look()
  for (const name of ['b', 'e']) expect(await present(name)).toMatchObject({ status: 'failed' })
  await writeFile(fileOf('a'), '{"stackName":"a"')
  await host.look()
  expect(acts).toEqual(['open a.example'])
  expect(await present('a')).toMatchObject({ status: 'open' })
})
