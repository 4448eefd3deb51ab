import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createManualClock } from '#test/harness/platform/manual-clock.ts'
import { createFolderDataHost, createFolderStackHost } from './folder-hosts.ts'

const wanted = {
  stackName: 'convoke-a',
  tenantId: 'ten_a',
  domainName: 'events.example.com',
  templateVersion: '1.0.0',
  parameters: { Note: 'x' },
  licenceKeys: {},
}

let dataFolder = ''
beforeEach(async () => {
  dataFolder = await mkdtemp(join(tmpdir(), 'convoke-hosts-'))
})
afterEach(() => rm(dataFolder, { recursive: true, force: true }))
const clock = createManualClock()

describe('stacks of one machine', () => {
  it('a wanted one is a whole file, written once, and gone when it is wanted no more', async () => {
    const host = createFolderStackHost({ dataFolder, clock })
    await host.want(wanted)
    await host.want(wanted)
    const folder = join(dataFolder, 'stacks/wanted')
    expect(await readdir(folder)).toEqual(['convoke-a.json'])
    expect(JSON.parse(await readFile(join(folder, 'convoke-a.json'), 'utf8'))).toEqual(wanted)
    await host.unwant('convoke-a')
    await host.unwant('convoke-a')
    expect(await readdir(folder)).toEqual([])
  })

  it('what the runtime wrote of a stack is read, and nothing when it wrote none', async () => {
    const host = createFolderStackHost({ dataFolder, clock })
    expect(await host.present('convoke-a')).toBeUndefined()
    const present = { stackName: 'convoke-a', tenantId: 'ten_a', status: 'open', parameters: {}, outputs: { A: 'b' } }
    await mkdir(join(dataFolder, 'stacks/present'), { recursive: true })
    await writeFile(join(dataFolder, 'stacks/present/convoke-a.json'), JSON.stringify(present))
    expect(await host.present('convoke-a')).toEqual(present)
  })
})

describe('data of those stacks', () => {
  it('the bucket and the rest of the folder are removed apart', async () => {
    const host = createFolderDataHost({ dataFolder, clock })
    const bucket = await host.bucket('ten_a')
    await bucket.put('licence/licence.json', Buffer.from('1'))
    await writeFile(join(dataFolder, 'tenants/ten_a/store.db'), 'rows')
    await host.removeTable('ten_a')
    expect(await readdir(join(dataFolder, 'tenants/ten_a'))).toEqual(['blobs'])
    expect(Buffer.from(await (await host.bucket('ten_a')).get('licence/licence.json')).toString()).toBe('1')
    await host.removeBucket('ten_a')
    expect(await readdir(join(dataFolder, 'tenants/ten_a'))).toEqual([])
    await host.removeTable('ten_b')
    await host.removeBucket('ten_b')
  })
})
