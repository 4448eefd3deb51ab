import { readFileSync } from 'node:fs'
import * as z from 'zod'

/** What Stripe's OpenAPI file uses of JSON Schema. */
export type Schema = {
  readonly $ref?: string | undefined
  readonly type?: string | undefined
  readonly nullable?: boolean | undefined
  readonly enum?: readonly unknown[] | undefined
  readonly anyOf?: readonly Schema[] | undefined
  readonly items?: Schema | undefined
  readonly properties?: Readonly<Record<string, Schema>> | undefined
  readonly required?: readonly string[] | undefined
  readonly additionalProperties?: boolean | Schema | undefined
}
const Schema: z.ZodType<Schema> = z.lazy(() =>
  z.object({
    $ref: z.string().optional(),
    type: z.string().optional(),
    nullable: z.boolean().optional(),
    enum: z.array(z.unknown()).optional(),
    anyOf: z.array(Schema).optional(),
    items: Schema.optional(),
    properties: z.record(z.string(), Schema).optional(),
    required: z.array(z.string()).optional(),
    additionalProperties: z.union([z.boolean(), Schema]).optional(),
  }),
)

const Answers = z.record(z.string(), z.object({ content: z.record(z.string(), z.object({ schema: Schema })) }).loose())
const Spec = z.object({
  info: z.object({ version: z.string() }),
  components: z.object({ schemas: z.record(z.string(), z.unknown()) }),
  paths: z.record(z.string(), z.record(z.string(), z.unknown())),
})

export type OpenApi = {
  readonly version: string
  readonly schema: (name: string) => Schema | undefined
  /** Of a 200 to this method and path; undefined when the file knows no such path. */
  readonly answerOf: (method: string, pathname: string) => Schema | undefined
}

/** Stripe's OpenAPI file; schemas are read when they are needed, because it is 7 MB. */
export function readOpenApi(file: string): OpenApi {
  const spec = Spec.parse(JSON.parse(readFileSync(file, 'utf8')))
  const read = new Map<string, Schema>()
  const paths = Object.entries(spec.paths).map(([path, verbs]) => ({ words: path.split('/'), verbs }))

  function schema(name: string): Schema | undefined {
    const raw = spec.components.schemas[name]
    if (raw === undefined) return undefined
    const found = read.get(name) ?? Schema.parse(raw)
    read.set(name, found)
    return found
  }

  return {
    version: spec.info.version,
    schema,
    answerOf(method, pathname) {
      const words = pathname.split('/')
      const fitting = paths.filter(
        (one) =>
          one.words.length === words.length &&
          one.words.every((word, at) => word.startsWith('{') || word === words[at]),
      )
      // A path of words comes before one with an id in it.
      const [best] = fitting.toSorted((left, right) => placeholders(left.words) - placeholders(right.words))
      const verb = best?.verbs[method.toLowerCase()]
      const { responses } = z.object({ responses: Answers }).parse(verb ?? { responses: {} })
      return responses['200']?.content['application/json']?.schema
    },
  }
}

function placeholders(words: readonly string[]): number {
  return words.filter((word) => word.startsWith('{')).length
}
