import { describe, expect, it } from 'vitest'
import type { Condition } from '#shared/platform/table.ts'
import { conditionExpression, createPlaceholders, updateCondition } from './dynamo-expressions.ts'

/** Names and values back in their places, for reading. */
function read(make: (placeholders: ReturnType<typeof createPlaceholders>) => string): string {
  const placeholders = createPlaceholders('ten#')
  const text = make(placeholders)
  const { ExpressionAttributeNames: names, ExpressionAttributeValues: values = {} } = placeholders.fields()
  return text.replaceAll(/#n\d+|:v\d+/g, (name) => names[name] ?? Object.values(values[name] ?? {}).join())
}

const isOne: Condition = { attribute: 'n', is: '=', value: 1 }

describe('conditions', () => {
  for (const [when, text] of [
    [{ row: 'absent' }, 'attribute_not_exists(pk) OR expiresAt <= 9'],
    [{ row: 'present' }, 'attribute_exists(pk) AND (attribute_not_exists(expiresAt) OR expiresAt > 9)'],
    [isOne, 'n = 1 AND (attribute_not_exists(expiresAt) OR expiresAt > 9)'],
    [{ attribute: 'n', is: '<>', value: 1 }, 'attribute_not_exists(n) OR n <> 1 OR expiresAt <= 9'],
    [{ allOf: [{ anyOf: [isOne] }] }, 'n = 1 AND (attribute_not_exists(expiresAt) OR expiresAt > 9)'],
    [
      { anyOf: [{ allOf: [isOne, isOne] }, { row: 'absent' }] },
      '(n = 1 AND n = 1) OR attribute_not_exists(pk) OR expiresAt <= 9',
    ],
    [{ attribute: 'pk', is: '=', value: 'x' }, 'pk = ten#x AND (attribute_not_exists(expiresAt) OR expiresAt > 9)'],
  ] as const)
    it(`${JSON.stringify(when)} also asks for the expiry, without a needless parenthesis`, () => {
      expect(read((placeholders) => conditionExpression(placeholders, when, 9))).toBe(text)
    })

  it('an update demands a row that is not an expired one, whatever else it demands', () => {
    const alive = '(attribute_not_exists(expiresAt) OR expiresAt > 9)'
    expect(read((placeholders) => updateCondition(placeholders, isOne, 9))).toBe(`n = 1 AND ${alive}`)
    expect(read((placeholders) => updateCondition(placeholders, { row: 'absent' }, 9))).toBe(
      `attribute_not_exists(pk) AND ${alive}`,
    )
    expect(read((placeholders) => updateCondition(placeholders, undefined, 9))).toBe(alive.slice(1, -1))
  })
})
