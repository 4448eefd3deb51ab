import { Readable } from 'node:stream'
import { createGzip } from 'node:zlib'

/** A larger file is packed: what mail carries is a third larger again, and is kept in two mailboxes. */
const PLAIN_BYTES_MAX = 4 * 1024 * 1024

/** 14 MB in a mail, and so below what Gmail, Exchange Online and Yahoo take (20 MB and more); SES takes 40. Some 400,000 attendees. */
const PACKED_BYTES_MAX = 10 * 1024 * 1024

export type ReportFile =
  | { readonly kind: 'plain' | 'packed'; readonly bytes: Uint8Array }
  /** More than a mail carries, or than could be read in time. */
  | { readonly kind: 'none'; readonly reason: 'too_large' | 'no_time' }

export type FileLimits = { readonly plainBytesMax: number; readonly packedBytesMax: number }

const usual: FileLimits = { plainBytesMax: PLAIN_BYTES_MAX, packedBytesMax: PACKED_BYTES_MAX }

/**
 * A CSV that comes piece by piece as what a mail can carry: as it is, packed (gzip), or not at all. No more is held than the limits say, and
 * reading ends where they do, or when `isInTime` says no.
 */
export async function reportFile(
  csv: AsyncIterable<string>,
  isInTime: () => boolean,
  limits: FileLimits = usual,
): Promise<ReportFile> {
  const plain: Buffer[] = []
  const packed: Buffer[] = []
  let plainBytes = 0
  let packedBytes = 0
  let isLate = false
  async function* pieces() {
    for await (const text of csv) {
      isLate = !isInTime()
      if (isLate || packedBytes > limits.packedBytesMax) return
      const piece = Buffer.from(text)
      plainBytes += piece.byteLength
      if (plainBytes <= limits.plainBytesMax) plain.push(piece)
      else plain.length = 0
      yield piece
    }
  }
  for await (const piece of Readable.from(pieces(), { objectMode: false }).compose(createGzip())) {
    packedBytes += piece.byteLength
    if (packedBytes <= limits.packedBytesMax) packed.push(piece)
    else packed.length = 0
  }
  if (packedBytes > limits.packedBytesMax) return { kind: 'none', reason: 'too_large' }
  if (isLate) return { kind: 'none', reason: 'no_time' }
  if (plainBytes <= limits.plainBytesMax) return { kind: 'plain', bytes: Buffer.concat(plain) }
  return { kind: 'packed', bytes: Buffer.concat(packed) }
}
