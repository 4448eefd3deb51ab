import type { OpenApi, Schema } from './openapi.ts'

/** Attributes that came to Stripe's API after the OpenAPI file, by object: they are in the types of the stripe package. */
export type Newer = Readonly<Record<string, readonly string[]>>

/** What is wrong with a value by its schema, as `path: what`; empty when nothing is. */
export function findProblems(
  api: OpenApi,
  newer: Newer,
  schema: Schema,
  value: unknown,
  at = '$',
  name = '',
): readonly string[] {
  if (value === null && schema.nullable === true) return []
  if (schema.$ref !== undefined) {
    const target = schema.$ref.slice(schema.$ref.lastIndexOf('/') + 1)
    const found = api.schema(target)
    return found === undefined ? [`${at}: unknown ${target}`] : findProblems(api, newer, found, value, at, target)
  }
  if (schema.anyOf !== undefined) {
    const tries = schema.anyOf.map((one) => findProblems(api, newer, one, value, at, name))
    return tries.toSorted((left, right) => left.length - right.length)[0] ?? []
  }
  if (schema.enum !== undefined && !schema.enum.includes(value))
    return [`${at}: ${String(JSON.stringify(value))} is none of the enum`]
  if (schema.type === 'array') {
    if (!Array.isArray(value)) return [`${at}: no list`]
    const { items = {} } = schema
    return value.flatMap((one: unknown, index) => findProblems(api, newer, items, one, `${at}[${index}]`, name))
  }
  if (schema.type === 'object') return problemsOfObject(api, newer, schema, value, at, name)
  return isOfType(schema.type, value) ? [] : [`${at}: ${String(JSON.stringify(value))} is no ${schema.type}`]
}

function problemsOfObject(
  api: OpenApi,
  newer: Newer,
  schema: Schema,
  value: unknown,
  at: string,
  name: string,
): readonly string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [`${at}: no object`]
  const { properties = {}, required = [], additionalProperties: others } = schema
  const missing = required.filter((one) => !(one in value)).map((one) => `${at}.${one}: missing`)
  const wrong = Object.entries(value).flatMap(([key, one]: [string, unknown]) => {
    const property = properties[key]
    if (property !== undefined) return findProblems(api, newer, property, one, `${at}.${key}`, '')
    if (typeof others === 'object') return findProblems(api, newer, others, one, `${at}.${key}`, '')
    const isOpen = others === true || schema.properties === undefined
    return isOpen || newer[name]?.includes(key) === true ? [] : [`${at}.${key}: unknown in ${name}`]
  })
  return [...missing, ...wrong]
}

function isOfType(type: string | undefined, value: unknown): boolean {
  if (type === undefined) return true
  if (type === 'integer') return Number.isInteger(value)
  return typeof value === type
}
