import { randomBytes } from 'node:crypto'
import type { Clock, Ids } from '../small-ports.ts'
import { toBase32 } from './base32.ts'

/** Ids from the clock (48 bits) and the system's secure random (80 bits), as ULID; tokens of 128 random bits. */
export function createRandomIds(clock: Clock): Ids {
  return {
    newId(prefix) {
      const bytes = Buffer.alloc(16)
      bytes.writeUIntBE(clock.now(), 0, 6)
      randomBytes(10).copy(bytes, 6)
      return `${prefix}_${toBase32(bytes, 26)}`
    },
    newToken: () => toBase32(randomBytes(16), 26),
  }
}
