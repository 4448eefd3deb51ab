import * as z from 'zod'
import { refuse } from './refusal.ts'

/** Numbers and booleans come as text; an empty text takes a value away. */
export const whole = z
  .string()
  .regex(/^-?\d{1,15}$/, 'Invalid integer')
  .transform(Number)
export const flag = z.enum(['true', 'false']).transform((text) => text === 'true')
export const text = z.string()
export const metadata = z.union([z.literal(''), z.record(z.string(), z.string())]).exactOptional()
const rangeBound = { gt: whole, gte: whole, lt: whole, lte: whole }
export const range = z.union([whole, z.strictObject(rangeBound).partial()])
export type Range = z.infer<typeof range>

export const address = z.strictObject({
  city: text.exactOptional(),
  country: text.exactOptional(),
  line1: text.exactOptional(),
  line2: text.exactOptional(),
  postal_code: text.exactOptional(),
  state: text.exactOptional(),
})

/** What every list takes. */
export const paging = {
  limit: whole.exactOptional(),
  starting_after: text.exactOptional(),
  ending_before: text.exactOptional(),
  created: range.exactOptional(),
}

/** Parsed parameters, or the refusal in Stripe's words for the first that is wrong. */
export function parseParams<S extends z.ZodType>(schema: S, form: unknown): z.infer<S> {
  const parsed = schema.safeParse(form, { reportInput: true })
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  if (issue === undefined) throw refuse.invalid('Invalid request')
  if (issue.code === 'unrecognized_keys') {
    const param = bracketed([...issue.path, issue.keys[0] ?? ''])
    throw refuse.invalid(`Received unknown parameter: ${param}`, { code: 'parameter_unknown', param })
  }
  const param = bracketed(issue.path)
  if (issue.code === 'invalid_type' && issue.input === undefined)
    throw refuse.invalid(`Missing required param: ${param}.`, { code: 'parameter_missing', param })
  throw refuse.invalid(`Invalid ${param}: ${issue.message}`, { param })
}

export function isInRange(created: number, wanted: Range | undefined): boolean {
  if (wanted === undefined) return true
  if (typeof wanted === 'number') return created === wanted
  const { gt = -1, gte = 0, lt = Number.POSITIVE_INFINITY, lte = Number.POSITIVE_INFINITY } = wanted
  return created > gt && created >= gte && created < lt && created <= lte
}

/** Metadata after an update: given keys are set, empty ones are taken away, an empty whole clears it. */
export function mergedMetadata(
  before: Readonly<Record<string, string>> | null,
  given: Readonly<Record<string, string>> | '' | undefined,
): Record<string, string> {
  if (given === '') return {}
  return Object.fromEntries(Object.entries({ ...before, ...given }).filter(([, value]) => value !== ''))
}

function bracketed(path: readonly PropertyKey[]): string {
  const [first = '', ...rest] = path.map(String)
  return first + rest.map((name) => `[${name}]`).join('')
}
