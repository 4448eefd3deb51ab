import { Buffer } from 'node:buffer'
import { type Entity, readEntity } from './entity.ts'
import { readHeaderBlock } from './header-block.ts'
import { MULTIPART_DEPTH_MAX, PARTS_MAX } from './limits.ts'
import { type Declined, type DeclineReason, type HeaderField, isDeclined } from './mail-part.ts'

export type Leaf = { readonly entity: Entity; readonly isInAlternative: boolean; readonly body: Buffer }

export type ScannedParts = {
  readonly fields: readonly HeaderField[]
  readonly bodyStart: number
  readonly multiparts: readonly Entity[]
  readonly leaves: readonly Leaf[]
}

/** An open multipart; innermost last in the stack. */
type Frame = { readonly boundary: string; readonly isDigest: boolean; readonly isInAlternative: boolean; parts: number }

type Delimiter = { readonly frame: number; readonly isClose: boolean; readonly lineEnd: number }

const LF = 0x0a
const CR = 0x0d
const DASH = 0x2d
const DELIMITER_START = Buffer.from('\n--')

function declined(reason: DeclineReason): Declined {
  return { declined: reason }
}

function frameOf(entity: Entity, outer: Frame | undefined): Frame {
  return {
    boundary: entity.boundary ?? '',
    isDigest: entity.contentType === 'multipart/digest',
    isInAlternative: outer?.isInAlternative === true || entity.contentType === 'multipart/alternative',
    parts: 0,
  }
}

function hasBoundaryAt(raw: Buffer, at: number, boundary: string): boolean {
  if (at + boundary.length > raw.length) return false
  for (let i = 0; i < boundary.length; i++) {
    if (raw[at + i] !== boundary.charCodeAt(i)) return false
  }
  return true
}

/** What follows the boundary on its line: an optional `--`, blanks, the line end (RFC 2046 §5.1.1); undefined for anything else. */
function delimiterTail(raw: Buffer, from: number): { isClose: boolean; lineEnd: number } | undefined {
  const isClose = raw[from] === DASH && raw[from + 1] === DASH
  let at = isClose ? from + 2 : from
  while (raw[at] === 0x20 || raw[at] === 0x09) at++
  if (at >= raw.length) return isClose ? { isClose, lineEnd: raw.length } : undefined
  if (raw[at] === CR) at++
  return raw[at] === LF ? { isClose, lineEnd: at + 1 } : undefined
}

/** The delimiter that begins at `at` (after its line break), undefined for an ordinary line, or why it cannot be told. */
function delimiterAt(raw: Buffer, at: number, stack: readonly Frame[]): Delimiter | Declined | undefined {
  let found: Delimiter | undefined
  let isDoubtful = false
  for (let index = stack.length - 1; index >= 0; index--) {
    const boundary = stack[index]?.boundary ?? ''
    if (!hasBoundaryAt(raw, at + 2, boundary)) continue
    const tail = delimiterTail(raw, at + 2 + boundary.length)
    if (!tail) isDoubtful = true
    else if (found) return declined('boundary_reused')
    else found = { frame: index, ...tail }
  }
  // A boundary may be the beginning of another one: junk after the shorter is then the rest of the longer.
  return found ?? (isDoubtful ? declined('delimiter_junk') : undefined)
}

/**
 * Splits a message into its leaves in one pass over its bytes; bodies are views. Declines every shape on which readers disagree.
 * Only lines that begin with two hyphens are looked at, so base64 bodies cost one memory search.
 */
export function scanParts(raw: Buffer): ScannedParts | Declined {
  const header = readHeaderBlock(raw, 0, raw.length)
  if (isDeclined(header)) return header
  const root = readEntity(header.fields, 'text/plain')
  if (isDeclined(root)) return root
  const leaves: Leaf[] = []
  const found = { fields: header.fields, bodyStart: header.bodyStart }
  if (root.boundary === undefined) {
    leaves.push({ entity: root, isInAlternative: false, body: raw.subarray(header.bodyStart) })
    return { ...found, multiparts: [], leaves }
  }
  const multiparts = [root]
  const stack = [frameOf(root, undefined)]
  let open: { entity: Entity; isInAlternative: boolean; start: number } | undefined
  let at = header.bodyStart - 1
  let entities = 0
  while (stack.length > 0) {
    const lineBreak = raw.indexOf(DELIMITER_START, at)
    if (lineBreak === -1) return declined('multipart_unclosed')
    const delimiter = delimiterAt(raw, lineBreak + 1, stack)
    if (!delimiter) {
      at = lineBreak + 1
      continue
    }
    if (isDeclined(delimiter)) return delimiter
    if (delimiter.frame !== stack.length - 1) return declined('multipart_unclosed')
    const frame = stack[delimiter.frame]
    if (!frame) return declined('multipart_unclosed')
    if (open) {
      const end = lineBreak > open.start && raw[lineBreak - 1] === CR ? lineBreak - 1 : lineBreak
      const { entity, isInAlternative, start } = open
      leaves.push({ entity, isInAlternative, body: raw.subarray(start, Math.max(start, end)) })
      open = undefined
    }
    if (delimiter.isClose) {
      if (frame.parts === 0) return declined('multipart_empty')
      stack.pop()
      at = delimiter.lineEnd - 1
      continue
    }
    frame.parts++
    if (++entities > PARTS_MAX) return declined('too_many_parts')
    const block = readHeaderBlock(raw, delimiter.lineEnd, raw.length)
    if (isDeclined(block)) return block
    const entity = readEntity(block.fields, frame.isDigest ? 'message/rfc822' : 'text/plain')
    if (isDeclined(entity)) return entity
    if (entity.boundary === undefined) {
      open = { entity, isInAlternative: frame.isInAlternative, start: block.bodyStart }
    } else {
      if (stack.length >= MULTIPART_DEPTH_MAX) return declined('nested_too_deep')
      if (stack.some((outer) => outer.boundary === entity.boundary)) return declined('boundary_reused')
      multiparts.push(entity)
      stack.push(frameOf(entity, frame))
    }
    at = block.bodyStart - 1
  }
  return { ...found, multiparts, leaves }
}
