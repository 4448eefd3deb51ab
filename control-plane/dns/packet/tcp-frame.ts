/** A packet with its length before it (RFC 1035 section 4.2.2), in one piece as RFC 7766 section 8 wants. */
export function frameOf(bytes: Uint8Array): Uint8Array {
  const frame = Buffer.alloc(bytes.length + 2)
  frame.writeUInt16BE(bytes.length, 0)
  frame.set(bytes, 2)
  return frame
}

/** Puts a stream's chunks together again; what it holds is at most one frame and a chunk. */
export function createFrameReader(): { readonly take: (chunk: Uint8Array) => readonly Uint8Array[] } {
  let held = Buffer.alloc(0)
  return {
    take(chunk) {
      held = Buffer.concat([held, chunk])
      const frames: Uint8Array[] = []
      while (held.length >= 2) {
        const end = held.readUInt16BE(0) + 2
        if (held.length < end) break
        frames.push(held.subarray(2, end))
        held = held.subarray(end)
      }
      return frames
    },
  }
}
