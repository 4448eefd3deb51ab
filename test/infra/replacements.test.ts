import { describe, expect, it } from 'vitest'
import { tenantTemplate } from '#infra/synthesise.ts'
import { replacements } from '#infra/template/replacements.ts'
import { sampleRelease } from './sample-release.ts'

const before = tenantTemplate(sampleRelease)

function revised(change: (resources: typeof before.Resources) => void) {
  const copy = structuredClone(before)
  change(copy.Resources)
  return copy
}

describe('an update', () => {
  it('to another version of the code replaces nothing that holds data', () => {
    const next = tenantTemplate({
      version: '0.0.1',
      bundles: Object.fromEntries(
        Object.entries(sampleRelease.bundles).map(([name, bundle]) => [name, { ...bundle, sha256: 'a'.repeat(64) }]),
      ),
    })
    expect(replacements(before, next)).toEqual([])
  })

  it.each([
    ['of a key', 'Table', { KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }] }, 'KeySchema differs'],
    ['of a table’s name', 'Table', { TableName: 'events' }, 'TableName differs'],
    ['of a bucket’s name', 'Bucket', { BucketName: 'events' }, 'BucketName differs'],
    ['of a queue’s name', 'InletQueue', { QueueName: 'inlet' }, 'QueueName differs'],
  ])('%s is seen as a replacement', (_, logicalId, properties, because) => {
    const changed = revised((resources) => {
      const resource = resources[logicalId]
      if (resource !== undefined) resource.Properties = { ...resource.Properties, ...properties }
    })
    expect(replacements(before, changed)).toMatchObject([{ logicalId, because }])
  })

  it('that takes a table away, or calls it something else, is seen', () => {
    const gone = revised((resources) => void delete resources.Table)
    expect(replacements(before, gone)).toEqual([
      { logicalId: 'Table', type: 'AWS::DynamoDB::Table', because: 'it is gone' },
    ])
  })

  it('that only sorts keys or changes what can change in place is none', () => {
    const same = revised((resources) => {
      const table = resources.Table
      if (table !== undefined)
        table.Properties = Object.fromEntries(
          Object.entries({ ...table.Properties, BillingMode: 'PROVISIONED' }).toReversed(),
        )
    })
    expect(replacements(before, same)).toEqual([])
  })
})
