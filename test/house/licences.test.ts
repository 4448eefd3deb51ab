import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'

const root = join(import.meta.dirname, '..', '..')

/** Licences under which a library may be part of a product that is sold without its source. */
const PERMISSIVE = new Set([
  'MIT',
  'MIT-0',
  'ISC',
  '0BSD',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'CC0-1.0',
  'Unlicense',
  'Zlib',
  'Python-2.0',
  // Copyleft for its own files only: fine for a library that we do not change.
  'MPL-2.0',
])

const Lockfile = z.object({
  packages: z.record(
    z.string(),
    z.object({ license: z.string().optional(), version: z.string().optional(), dev: z.boolean().optional() }),
  ),
})

/** Of an SPDX expression: one permissive side of an OR is enough, every side of an AND is needed. */
function isPermissive(expression: string): boolean {
  const text = expression.trim()
  const isWrapped = text.startsWith('(') && closingOf(text) === text.length - 1
  if (isWrapped) return isPermissive(text.slice(1, -1))
  const either = splitAt(text, ' OR ')
  if (either.length > 1) return either.some(isPermissive)
  const both = splitAt(text, ' AND ')
  if (both.length > 1) return both.every(isPermissive)
  return PERMISSIVE.has(text)
}

function closingOf(text: string): number {
  let depth = 0
  for (let index = 0; index < text.length; index += 1) {
    if (text[index] === '(') depth += 1
    if (text[index] === ')') depth -= 1
    if (depth === 0) return index
  }
  return -1
}

/** Splits at `separator` outside of parentheses. */
function splitAt(text: string, separator: string): readonly string[] {
  let depth = 0
  let start = 0
  const parts: string[] = []
  for (let index = 0; index < text.length; index += 1) {
    if (text[index] === '(') depth += 1
    if (text[index] === ')') depth -= 1
    if (depth !== 0 || !text.startsWith(separator, index)) continue
    parts.push(text.slice(start, index))
    start = index + separator.length
  }
  return [...parts, text.slice(start)]
}

describe('licences', () => {
  it.each([
    ['MIT', true],
    ['(MIT OR EUPL-1.1+)', true],
    ['(GPL-3.0-only OR (Apache-2.0 AND MIT))', true],
    ['GPL-3.0-only', false],
    ['AGPL-3.0-or-later', false],
    ['LGPL-2.1', false],
    ['SSPL-1.0', false],
    ['Elastic-2.0', false],
    ['MIT AND GPL-2.0', false],
    ['(MIT OR Apache-2.0) AND AGPL-3.0', false],
    ['UNLICENSED', false],
    ['SEE LICENSE IN LICENSE', false],
    ['', false],
  ])('reads %j as permissive: %j', (expression, expected) => {
    expect(isPermissive(expression)).toBe(expected)
  })

  it('of every production dependency let the product be sold', () => {
    const lock = Lockfile.parse(JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')))
    const production = Object.entries(lock.packages).filter(([path, entry]) => path !== '' && entry.dev !== true)
    const named = production.map(([path, entry]) => ({
      name: `${path.slice(path.lastIndexOf('node_modules/') + 13)}@${entry.version}`,
      license: entry.license ?? 'unknown',
    }))
    const counts = [...Map.groupBy(named, (one) => one.license)].sort(([, a], [, b]) => b.length - a.length)
    const table = counts.map(([license, found]) => `${license} ${found.length}`).join(', ')
    process.stdout.write(`licences of ${named.length} production packages: ${table}\n`)
    expect(named.filter((one) => !isPermissive(one.license))).toEqual([])
    expect(named.length).toBeGreaterThan(20)
  })
})
