import { createHash } from 'node:crypto'

/**
 * An opaque page cursor: a position, bound by digest to the scope (tenant and query) it was made for.
 * The digest catches cut, altered and misapplied cursors; safety against crossing rests on the query's own partition.
 */
export function encodeCursor(scope: readonly unknown[], position: readonly string[]): string {
  return Buffer.from(JSON.stringify([digest(scope, position), ...position])).toString('base64url')
}

/** The position inside, or undefined when the cursor is not one of this scope with this many parts. */
export function decodeCursor(scope: readonly unknown[], parts: number, cursor: string): readonly string[] | undefined {
  if (!/^[A-Za-z0-9_-]{1,8192}$/.test(cursor)) return undefined
  const values = parseStrings(Buffer.from(cursor, 'base64url').toString('utf8'))
  const [sum, ...position] = values ?? []
  if (sum === undefined || position.length !== parts) return undefined
  // Written in one way: base64url and JSON both read over something (a dangling character, spare bits, blanks).
  return encodeCursor(scope, position) === cursor ? position : undefined
}

function digest(scope: readonly unknown[], position: readonly string[]): string {
  return createHash('sha256')
    .update(JSON.stringify([scope, position]))
    .digest('base64url')
    .slice(0, 16)
}

function parseStrings(text: string): readonly string[] | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return Array.isArray(value) && value.every((part) => typeof part === 'string') ? value : undefined
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}
