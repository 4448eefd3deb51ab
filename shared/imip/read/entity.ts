import { charsetLabel } from './charset.ts'
import { BOUNDARY_BYTES_MAX } from './limits.ts'
import type { Declined, DeclineReason, HeaderField, TransferEncoding } from './mail-part.ts'
import { parseStructured } from './parameters.ts'

/** What the header of one MIME entity says about its body. */
export type Entity = {
  readonly contentType: string
  readonly parameters: ReadonlyMap<string, string>
  readonly disposition?: string
  readonly filename?: string
  readonly encoding: TransferEncoding
  /** Present for multipart/*: the delimiter without its two hyphens. */
  readonly boundary?: string
  readonly isBody: boolean
}

const ENCODINGS: ReadonlyMap<string, TransferEncoding> = new Map([
  ['', 'identity'],
  ['7bit', 'identity'],
  ['8bit', 'identity'],
  ['binary', 'identity'],
  ['base64', 'base64'],
  ['quoted-printable', 'quoted-printable'],
])

const NO_PARAMETERS: ReadonlyMap<string, string> = new Map()

function declined(reason: DeclineReason): Declined {
  return { declined: reason }
}

/** The field's value, '' when absent, undefined when it stands twice: readers differ in which one they believe. */
function onlyField(fields: readonly HeaderField[], name: string): string | undefined {
  let found: string | undefined
  for (const field of fields) {
    if (field.name !== name) continue
    if (found !== undefined) return undefined
    found = field.value
  }
  return found ?? ''
}

/** Reads the MIME fields of a header; `defaultType` holds where Content-Type is absent (RFC 2045 §5.2, RFC 2046 §5.1.5). */
export function readEntity(fields: readonly HeaderField[], defaultType: string): Entity | Declined {
  const typeField = onlyField(fields, 'content-type')
  const dispositionField = onlyField(fields, 'content-disposition')
  const encodingField = onlyField(fields, 'content-transfer-encoding')
  if (typeField === undefined || dispositionField === undefined || encodingField === undefined) {
    return declined('header_repeated')
  }
  const type = typeField === '' ? { value: defaultType, parameters: NO_PARAMETERS } : parseStructured(typeField)
  const placed = dispositionField === '' ? undefined : parseStructured(dispositionField)
  if (!type || (dispositionField !== '' && !placed)) return declined('parameter_odd')
  if (!/^[^/]+\/[^/]+$/.test(type.value)) return declined('content_type_odd')
  const filename = placed?.parameters.get('filename') || type.parameters.get('name') || undefined
  // Some readers then guess the type by the name, others take the default.
  if (typeField === '' && placed) return declined('content_type_odd')
  const encoding = ENCODINGS.get(encodingField.toLowerCase())
  if (!encoding) return declined('encoding_unknown')
  const isMultipart = type.value.startsWith('multipart/')
  const boundary = type.parameters.get('boundary')
  // Some readers split at it all the same.
  if (!isMultipart && boundary !== undefined) return declined('boundary_odd')
  if (isMultipart) {
    if (encoding !== 'identity') return declined('encoding_unknown')
    if (boundary === undefined) return declined('boundary_missing')
    if (!isPlainBoundary(boundary)) return declined('boundary_odd')
  }
  const isInline = !placed || placed.value === 'inline'
  const isText = type.value === 'text/plain' || type.value === 'text/html'
  const charset = type.parameters.get('charset')
  if (isText && isInline && charset && charsetLabel(charset) === undefined) return declined('charset_unknown')
  return {
    contentType: type.value,
    parameters: type.parameters,
    encoding,
    isBody: isText && isInline,
    ...(placed ? { disposition: placed.value } : {}),
    ...(filename ? { filename } : {}),
    ...(boundary === undefined ? {} : { boundary }),
  }
}

/** RFC 2046 §5.1.1: printable ASCII that does not end in a space. */
function isPlainBoundary(boundary: string): boolean {
  return boundary.length <= BOUNDARY_BYTES_MAX && /^[\x20-\x7e]*[\x21-\x7e]$/.test(boundary)
}
