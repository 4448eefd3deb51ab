/** What the parent asks of the child, one byte on the wire. */
export const JOB = { disassemble: 1, occurs: 2, sendable: 3, attachedLists: 4 } as const
export type JobKind = (typeof JOB)[keyof typeof JOB]

/** What the child says. `failedForGood`: the process is no longer sound and must be replaced. */
export const SAID = { ready: 1, done: 2, failed: 3, failedForGood: 4 } as const
export type Said = (typeof SAID)[keyof typeof SAID]

/** One byte of kind, four of payload length (little endian), then the payload: bytes cross once and are never escaped. */
export const FRAME_HEADER_BYTES = 5

/** A DisassembledMail is at most some hundred kilobytes, the lists of a mail in base64 some eleven megabytes; a hostile child must not be able to fill the parent's memory. */
export const ANSWER_BYTES_MAX = 16 * 1024 * 1024

/** A mail is at most 40 MB; the child refuses to allocate more than this for one job. */
export const JOB_BYTES_MAX = 64 * 1024 * 1024

/** The five bytes before a payload of `payloadBytes`. */
export function frameHeader(kind: number, payloadBytes: number): Buffer {
  const header = Buffer.allocUnsafe(FRAME_HEADER_BYTES)
  header[0] = kind
  header.writeUInt32LE(payloadBytes, 1)
  return header
}

export type Frame = { readonly kind: number; readonly payload: Buffer }

/** Puts a stream of chunks together into frames; `push` gives the frames that became whole, or 'too_large'. */
export function createFrameReader(payloadBytesMax: number): {
  push(chunk: Buffer): readonly Frame[] | 'too_large'
  /** True when part of a frame has come. */
  isMidFrame(): boolean
} {
  let parts: Buffer[] = []
  let heldBytes = 0
  return {
    push(chunk) {
      parts.push(chunk)
      heldBytes += chunk.length
      const frames: Frame[] = []
      for (;;) {
        if (heldBytes < FRAME_HEADER_BYTES) return frames
        const first = flattened(parts, FRAME_HEADER_BYTES)
        const payloadBytes = first.readUInt32LE(1)
        if (payloadBytes > payloadBytesMax) return 'too_large'
        const frameBytes = FRAME_HEADER_BYTES + payloadBytes
        if (heldBytes < frameBytes) return frames
        const whole = parts.length === 1 ? first : Buffer.concat(parts, heldBytes)
        frames.push({ kind: whole[0] ?? 0, payload: whole.subarray(FRAME_HEADER_BYTES, frameBytes) })
        const rest = whole.subarray(frameBytes)
        parts = rest.length > 0 ? [rest] : []
        heldBytes = rest.length
      }
    },
    isMidFrame: () => heldBytes > 0,
  }
}

/** The first part, made long enough to hold a header; `parts` is changed in place, never wholly copied for it. */
function flattened(parts: Buffer[], bytes: number): Buffer {
  while (parts.length > 1 && (parts[0]?.length ?? 0) < bytes) {
    parts.splice(0, 2, Buffer.concat(parts.slice(0, 2)))
  }
  return parts[0] ?? Buffer.alloc(bytes)
}
