import { describe, expect, it } from 'vitest'
import { bundleKey, manifestKey, ReleaseManifest } from '#shared/contracts/release.ts'
import { publishFunctions, publishRelease } from './publish-release.ts'
import { type ReleaseContent, sha256Of } from './release-content.ts'
import type { ReleaseStore } from './release-store.ts'

const zips = { inlet: 'zip of inlet', front: 'zip of front', 'cell-router': 'zip of the router' }
const hashOf = (name: keyof typeof zips) => sha256Of(zips[name])

const facts = {
  version: '1.2.3',
  gitSha: 'a'.repeat(40),
  cellVersionMin: '1.0.0',
  cellVersionMax: '1.9.9',
  isBreaking: false,
}

function contentOf(change: { readonly default?: string; readonly code?: string } = {}): ReleaseContent {
  const code = (name: 'inlet' | 'front') => ({
    Type: 'AWS::Lambda::Function',
    Properties: { Code: { S3Bucket: { Ref: 'ReleaseBucket' }, S3Key: change.code ?? bundleKey(hashOf(name)) } },
  })
  return {
    functions: Object.fromEntries(
      Object.entries(zips).map(([name, text]) => [
        name,
        { sha256: sha256Of(text), sizeBytes: text.length, handler: `${name}.handler` },
      ]),
    ),
    readZip: async (sha256) => {
      const text = Object.values(zips).find((one) => sha256Of(one) === sha256)
      if (text === undefined) throw new Error('no such zip')
      return Buffer.from(text)
    },
    template: JSON.stringify({
      Parameters: {
        TenantId: { Type: 'String', AllowedPattern: '^ten_' },
        Placement: {
          Type: 'String',
          AllowedValues: ['cell', 'dedicated'],
          Default: change.default ?? 'cell',
          Description: 'Where.',
        },
        MailBytesMax: { Type: 'Number', Default: 1024 },
      },
      Resources: { Inlet: code('inlet'), Front: code('front'), Table: { Type: 'AWS::DynamoDB::Table' } },
    }),
  }
}

/** A bucket that dies at the nth put, before or after it. */
function bucketThat(
  dies: { readonly atPut: number; readonly when: 'before' | 'after' } = { atPut: 0, when: 'before' },
) {
  const objects = new Map<string, Uint8Array>()
  const puts: string[] = []
  const store: ReleaseStore = {
    has: async (key) => objects.has(key),
    get: async (key) => objects.get(key),
    async putNew(key, bytes) {
      puts.push(key)
      if (puts.length === dies.atPut && dies.when === 'before') throw new Error('killed')
      const isNew = !objects.has(key)
      if (isNew) objects.set(key, bytes)
      if (puts.length === dies.atPut) throw new Error('killed')
      return isNew
    },
  }
  return { store, objects, puts }
}

const manifestIn = (objects: ReadonlyMap<string, Uint8Array>) =>
  ReleaseManifest.parse(JSON.parse(Buffer.from(objects.get(manifestKey('1.2.3')) ?? '').toString()))

describe('publishRelease', () => {
  it('uploads the template’s zips, the template, and last the manifest', async () => {
    const { store, objects, puts } = bucketThat()
    const { isNew, zipsUploaded } = await publishRelease(store, contentOf(), facts)
    expect([isNew, zipsUploaded]).toEqual([true, 2])
    const templateSha256 = sha256Of(contentOf().template)
    expect(puts.toSorted((a, b) => orderOf(a) - orderOf(b))).toEqual(puts)
    expect(new Set(puts)).toEqual(
      new Set([
        bundleKey(hashOf('front')),
        bundleKey(hashOf('inlet')),
        `templates/1.2.3/${templateSha256}.json`,
        'releases/1.2.3.json',
      ]),
    )
    expect(manifestIn(objects)).toMatchObject({
      ...facts,
      templateSha256,
      templateKey: puts[2],
      parameters: {
        TenantId: { type: 'String', allowedPattern: '^ten_' },
        Placement: { type: 'String', allowedValues: ['cell', 'dedicated'], default: 'cell', description: 'Where.' },
        MailBytesMax: { type: 'Number', default: '1024' },
      },
      functions: { front: { sha256: hashOf('front') }, inlet: { sha256: hashOf('inlet') } },
    })
    expect(Object.keys(manifestIn(objects).functions)).toEqual(['front', 'inlet'])
  })

  it('does nothing a second time, and uploads no zip that another release brought', async () => {
    const { store, puts } = bucketThat()
    await publishRelease(store, contentOf(), facts)
    const before = puts.length
    expect(await publishRelease(store, contentOf(), facts)).toMatchObject({ isNew: false, zipsUploaded: 0 })
    expect(puts).toHaveLength(before)
    expect(await publishRelease(store, contentOf(), { ...facts, version: '1.2.4' })).toMatchObject({
      isNew: true,
      zipsUploaded: 0,
    })
  })

  it('refuses a version that is there with other content, and leaves nothing of it', async () => {
    const { store, objects } = bucketThat()
    await publishRelease(store, contentOf(), facts)
    const before = [...objects.keys()]
    await expect(publishRelease(store, contentOf({ default: 'dedicated' }), facts)).rejects.toThrow(
      /1\.2\.3 is published with other content/,
    )
    await expect(publishRelease(store, contentOf(), { ...facts, gitSha: 'b'.repeat(40) })).rejects.toThrow(
      /other content/,
    )
    expect([...objects.keys()]).toEqual(before)
  })

  it('refuses when another publisher of the version was faster', async () => {
    const { store } = bucketThat()
    const racing: ReleaseStore = { ...store, get: async () => undefined }
    await publishRelease(store, contentOf(), facts)
    let asked = 0
    const late: ReleaseStore = { ...store, get: (key) => (asked++ === 0 ? racing.get(key) : store.get(key)) }
    await expect(publishRelease(late, contentOf({ default: 'dedicated' }), facts)).rejects.toThrow(/other content/)
  })

  it('killed at any put leaves no release that is not whole, and ends when it is run again', async () => {
    for (const atPut of [1, 2, 3, 4])
      for (const when of ['before', 'after'] as const) {
        const { store, objects } = bucketThat({ atPut, when })
        await expect(publishRelease(store, contentOf(), facts)).rejects.toThrow('killed')
        expect(objects.has(manifestKey('1.2.3'))).toBe(atPut === 4 && when === 'after')
        await publishRelease(store, contentOf(), facts)
        const { templateKey, functions } = manifestIn(objects)
        for (const key of [templateKey, ...Object.values(functions).map((one) => bundleKey(one.sha256))])
          expect(objects.has(key), `${when} ${atPut}: ${key}`).toBe(true)
      }
  })

  it('refuses a template of another build, a version that is none, and a cut commit hash', async () => {
    const { store, objects } = bucketThat()
    await expect(publishRelease(store, contentOf({ code: bundleKey('f'.repeat(64)) }), facts)).rejects.toThrow(
      /was not built/,
    )
    await expect(publishRelease(store, contentOf(), { ...facts, version: 'v1' })).rejects.toThrow(/version/)
    await expect(publishRelease(store, contentOf(), { ...facts, gitSha: 'abc' })).rejects.toThrow(/commit/)
    expect(objects.size).toBe(0)
  })
})

describe('publishFunctions', () => {
  it('brings the code of every function, the cell’s own too, once', async () => {
    const { store, objects } = bucketThat()
    expect(await publishFunctions(store, contentOf())).toBe(3)
    expect(await publishFunctions(store, contentOf())).toBe(0)
    expect(objects.has(bundleKey(hashOf('cell-router')))).toBe(true)
  })
})

function orderOf(key: string): number {
  return ['functions/', 'templates/', 'releases/'].findIndex((prefix) => key.startsWith(prefix))
}
