import { createConfig, lintFromString } from '@redocly/openapi-core'
import { Validator } from '@seriousme/openapi-schema-validator'

/**
 * What validators that nobody here wrote have against an OpenAPI document, one line each: the schema of the specification itself, and a linter
 * that also holds the examples against their schemas. Two of its rules are not ours: the licence of an API that is sold is a contract, and the document of a
 * test is served from where the test is.
 */
export async function faultsOf(document: Readonly<Record<string, unknown>>): Promise<readonly string[]> {
  // Both keep and change what they are given.
  const source = JSON.stringify(document)
  const { valid, errors } = await new Validator().validate(JSON.parse(source))
  const bySchema = valid ? [] : [`schema: ${JSON.stringify(errors)}`]
  const config = await createConfig({
    extends: ['recommended-strict'],
    rules: { 'info-license': 'off', 'no-server-example.com': 'off' },
  })
  const found = await lintFromString({ source, absoluteRef: 'openapi.json', config })
  return [...bySchema, ...found.map(({ ruleId, message, location }) => `${ruleId}: ${message} ${location[0]?.pointer}`)]
}
