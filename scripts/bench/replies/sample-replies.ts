import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { FIXTURES } from '../disassemble/sample-mails.ts'

/** As long as big clients' replies are in the wild: three hops, a signature, text and HTML beside the calendar. */
const IN_FULL = ['google-reply', 'outlook-reply', 'apple-reply'].map((name) => join(FIXTURES, `${name}.eml`))

/** The same five shapes that the product's tests are run with, bare of everything that does not matter. */
export const SHAPES = ['google', 'outlook', 'apple', 'yahoo', 'bare'] as const
export const shapePath = (shape: (typeof SHAPES)[number]): string => join(import.meta.dirname, 'mails', `${shape}.eml`)

export function sampleReplies(): readonly Buffer[] {
  return [...IN_FULL, ...SHAPES.map(shapePath)].map((path) => readFileSync(path))
}
