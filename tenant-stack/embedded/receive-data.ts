import type { Readable } from 'node:stream'

export type ReceivedData =
  | { readonly kind: 'whole'; readonly raw: Uint8Array }
  | { readonly kind: 'oversized' }
  | { readonly kind: 'no_room' }
  | { readonly kind: 'broken' }

/** Bytes of mail that all sessions together may hold before they are stored. */
export type Room = { take(bytes: number): boolean; give(bytes: number): void }

/** A shared allowance of `bytesMax` bytes. */
export function roomOf(bytesMax: number): Room {
  let used = 0
  return {
    take(bytes) {
      if (used + bytes > bytesMax) return false
      used += bytes
      return true
    },
    give(bytes) {
      used -= bytes
    },
  }
}

/**
 * Reads one mail up to `sizeMax` bytes. What is over the size, or finds no room, is drained and forgotten chunk by chunk,
 * so that a client that ignores SIZE costs no memory.
 */
export async function receiveData(stream: Readable, sizeMax: number, room: Room): Promise<ReceivedData> {
  let chunks: Buffer[] = []
  let held = 0
  let verdict: 'whole' | 'oversized' | 'no_room' = 'whole'
  const drop = (why: 'oversized' | 'no_room') => {
    verdict = why
    room.give(held)
    chunks = []
    held = 0
  }
  return await new Promise((resolve) => {
    stream.on('data', (chunk: Buffer) => {
      if (verdict !== 'whole') return
      if (held + chunk.length > sizeMax) return drop('oversized')
      if (!room.take(chunk.length)) return drop('no_room')
      chunks.push(chunk)
      held += chunk.length
    })
    const broken = () => {
      drop('no_room')
      resolve({ kind: 'broken' })
    }
    stream.on('error', broken)
    stream.on('close', () => {
      if (!stream.readableEnded) broken()
    })
    stream.on('end', () => {
      if (verdict !== 'whole') return resolve({ kind: verdict })
      const raw = Buffer.concat(chunks, held)
      room.give(held)
      resolve({ kind: 'whole', raw })
    })
  })
}
