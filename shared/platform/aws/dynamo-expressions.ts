import type { AttributeValue as DynamoValue } from '@aws-sdk/client-dynamodb'
import type { AttributeValue, Condition } from '../table.ts'
import { encodeAttribute } from './dynamo-codec.ts'

/** Placeholders of one request: every name and value goes through them, so no attribute name is a reserved word. */
export type Placeholders = {
  readonly name: (attribute: string) => string
  /** Values of keys get the tenant's prefix. */
  readonly value: (attribute: string, value: AttributeValue) => string
  readonly fields: () => {
    readonly ExpressionAttributeNames: Record<string, string>
    readonly ExpressionAttributeValues?: Record<string, DynamoValue>
  }
}

type Expression = { readonly text: string; readonly joinedBy?: 'AND' | 'OR' }

export function createPlaceholders(prefix: string): Placeholders {
  const names = new Map<string, string>()
  const values: Record<string, DynamoValue> = {}
  return {
    name(attribute) {
      const known = names.get(attribute) ?? `#n${names.size}`
      names.set(attribute, known)
      return known
    },
    value(attribute, value) {
      const placeholder = `:v${Object.keys(values).length}`
      values[placeholder] = encodeAttribute(attribute, value, prefix)
      return placeholder
    },
    fields() {
      const ExpressionAttributeNames = Object.fromEntries([...names].map(([attribute, name]) => [name, attribute]))
      // DynamoDB refuses an empty map of values.
      if (Object.keys(values).length === 0) return { ExpressionAttributeNames }
      return { ExpressionAttributeNames, ExpressionAttributeValues: values }
    },
  }
}

/** The condition, with an expired row seen as an absent one. `now` is epoch seconds. */
export function conditionExpression(placeholders: Placeholders, when: Condition, now: number): string {
  const stated = express(placeholders, when)
  // On a row past its time the condition has the one answer it has on no row.
  if (holdsOnAbsentRow(when)) return join('OR', [stated, expired(placeholders, now)]).text
  return join('AND', [stated, notExpired(placeholders, now)]).text
}

/** The condition, and that the row is not an expired one: what an update needs, because it keeps what it finds. */
export function updateCondition(placeholders: Placeholders, when: Condition | undefined, now: number): string {
  const guard = notExpired(placeholders, now)
  return when === undefined ? guard.text : join('AND', [express(placeholders, when), guard]).text
}

/** The row is absent or past its time: what a whole new row in its place needs. */
export function absentCondition(placeholders: Placeholders, now: number): string {
  return conditionExpression(placeholders, { row: 'absent' }, now)
}

/** What the condition answers where there is no row: every attribute is absent, and `<>` holds for an absent one. */
export function holdsOnAbsentRow(condition: Condition): boolean {
  if ('allOf' in condition) return condition.allOf.every(holdsOnAbsentRow)
  if ('anyOf' in condition) return condition.anyOf.some(holdsOnAbsentRow)
  if ('row' in condition) return condition.row === 'absent'
  return condition.is === 'absent' || condition.is === '<>'
}

function express(placeholders: Placeholders, condition: Condition): Expression {
  if ('allOf' in condition) return join('AND', parts(placeholders, condition.allOf))
  if ('anyOf' in condition) return join('OR', parts(placeholders, condition.anyOf))
  if ('row' in condition) return presence(placeholders, 'pk', condition.row)
  const { attribute, is } = condition
  if (!('value' in condition)) return presence(placeholders, attribute, condition.is)
  const comparison = { text: `${placeholders.name(attribute)} ${is} ${placeholders.value(attribute, condition.value)}` }
  // DynamoDB's documentation leaves open what `<>` says of an absent attribute; the port says it holds.
  return is === '<>' ? join('OR', [presence(placeholders, attribute, 'absent'), comparison]) : comparison
}

function parts(placeholders: Placeholders, conditions: readonly Condition[]): readonly Expression[] {
  return conditions.map((part) => express(placeholders, part))
}

function presence(placeholders: Placeholders, attribute: string, is: 'absent' | 'present'): Expression {
  const name = placeholders.name(attribute)
  return { text: is === 'present' ? `attribute_exists(${name})` : `attribute_not_exists(${name})` }
}

function expired(placeholders: Placeholders, now: number): Expression {
  return { text: `${placeholders.name('expiresAt')} <= ${placeholders.value('expiresAt', now)}` }
}

function notExpired(placeholders: Placeholders, now: number): Expression {
  const alive = { text: `${placeholders.name('expiresAt')} > ${placeholders.value('expiresAt', now)}` }
  return join('OR', [presence(placeholders, 'expiresAt', 'absent'), alive])
}

/** Parentheses only where the meaning needs them: DynamoDB refuses redundant ones. */
function join(by: 'AND' | 'OR', expressions: readonly Expression[]): Expression {
  const [only] = expressions
  if (expressions.length === 1 && only !== undefined) return only
  const texts = expressions.map(({ text, joinedBy = by }) => (joinedBy === by ? text : `(${text})`))
  return { text: texts.join(` ${by} `), joinedBy: by }
}
