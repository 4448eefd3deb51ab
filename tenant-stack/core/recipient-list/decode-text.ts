/** So much of a file tells whether it is UTF-16. */
const LOOKED_AT_BYTES = 4096
const SLICE_BYTES = 64 * 1024
/** Of a text of the West nearly every second byte of UTF-16 is zero; of other encodings none is. */
const ZEROS_SHARE = 0.4

type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252'

/**
 * The text of a list, slice by slice: UTF-8 or UTF-16 by its byte order mark, UTF-16 by its zeros, else UTF-8 when more of what is not ASCII is valid
 * UTF-8 than is not, else windows-1252, which is what spreadsheets of the West write without saying so. What cannot be decoded becomes U+FFFD, and
 * its row is refused for it.
 */
export function* decodeText(bytes: Uint8Array): Generator<string> {
  yield* decoded(bytes, encodingOf(bytes))
}

function* decoded(bytes: Uint8Array, encoding: Encoding): Generator<string> {
  const decoder = new TextDecoder(encoding)
  for (let at = 0; at < bytes.length; at += SLICE_BYTES)
    yield decoder.decode(bytes.subarray(at, at + SLICE_BYTES), { stream: true })
  yield decoder.decode()
}

function encodingOf(bytes: Uint8Array): Encoding {
  const [first, second, third] = bytes
  if (first === 0xff && second === 0xfe) return 'utf-16le'
  if (first === 0xfe && second === 0xff) return 'utf-16be'
  if (first === 0xef && second === 0xbb && third === 0xbf) return 'utf-8'
  return utf16Of(bytes) ?? (isMostlyUtf8(bytes) ? 'utf-8' : 'windows-1252')
}

function utf16Of(bytes: Uint8Array): Encoding | undefined {
  const looked = bytes.subarray(0, LOOKED_AT_BYTES)
  const zeros = [0, 0]
  for (const [at, byte] of looked.entries()) if (byte === 0) zeros[at % 2] = (zeros[at % 2] ?? 0) + 1
  const [even = 0, odd = 0] = zeros
  const enough = (looked.length / 2) * ZEROS_SHARE
  if (looked.length < 4 || Math.max(even, odd) < enough || Math.min(even, odd) > enough / 10) return undefined
  return odd > even ? 'utf-16le' : 'utf-16be'
}

/** One character that was cut somewhere is its own row's fault and no sign of another encoding. */
function isMostlyUtf8(bytes: Uint8Array): boolean {
  let valid = 0
  let invalid = 0
  for (const slice of decoded(bytes, 'utf-8')) {
    invalid += slice.split('\uFFFD').length - 1
    valid += slice.match(/[^\0-\x7f\uFFFD]/gu)?.length ?? 0
  }
  return invalid === 0 || valid > invalid
}
