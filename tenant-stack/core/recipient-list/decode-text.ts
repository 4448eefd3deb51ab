/** So much of a file tells how it is written. */
const LOOKED_AT_BYTES = 64 * 1024
const SLICE_BYTES = 64 * 1024

/**
 * The text of a list, slice by slice: UTF-8 or UTF-16 by its byte order mark, else UTF-8 when its beginning is valid UTF-8, else windows-1252,
 * which is what spreadsheets of the West write without saying so. What cannot be decoded becomes U+FFFD, and its row is refused for it.
 */
export function* decodeText(bytes: Uint8Array): Generator<string> {
  const decoder = new TextDecoder(encodingOf(bytes))
  for (let at = 0; at < bytes.length; at += SLICE_BYTES)
    yield decoder.decode(bytes.subarray(at, at + SLICE_BYTES), { stream: true })
  yield decoder.decode()
}

function encodingOf(bytes: Uint8Array): 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252' {
  const [first, second] = bytes
  if (first === 0xff && second === 0xfe) return 'utf-16le'
  if (first === 0xfe && second === 0xff) return 'utf-16be'
  try {
    // A character that is cut at the end is no fault of the file.
    new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(0, LOOKED_AT_BYTES), {
      stream: bytes.length > LOOKED_AT_BYTES,
    })
    return 'utf-8'
  } catch (error) {
    if (error instanceof TypeError) return 'windows-1252'
    throw error
  }
}
