/** Most octets of the header fields of one mail: three texts of a thousand characters in encoded-words, and a link. */
const HEAD_OCTETS_MAX = 32_768

/** Most octets that the lines of one attendee take beyond what the revision fixes: name and addresses at their limits, escaped. */
const PERSONAL_OCTETS_MAX = 16_384

/** Room for the octets that a region takes over from before it and from behind it to make whole triples. */
const TRIPLE_ROOM = 4

/** Where the personal part of a mail is put together; one per revision, used again for each mail. */
export type Scratch = {
  readonly head: Buffer
  headEnd: number
  readonly region: Buffer
  readonly regionAt: number
  regionEnd: number
}

/** `fixedOctets`: what the personal lines of every attendee have in common. */
export function newScratch(fixedOctets: number): Scratch {
  return {
    head: Buffer.allocUnsafe(HEAD_OCTETS_MAX),
    headEnd: 0,
    region: Buffer.allocUnsafe(TRIPLE_ROOM + fixedOctets + PERSONAL_OCTETS_MAX + TRIPLE_ROOM),
    regionAt: TRIPLE_ROOM,
    regionEnd: 0,
  }
}

/** Writes a text whole; that it does not fit is a bug, and cut off it would be a wrong mail. */
export function writeWhole(out: Buffer, text: string, at: number, room: number): number {
  const octets = Buffer.byteLength(text, 'utf8')
  if (octets > room) throw new Error(`${octets} octets in a place for ${room}`)
  return at + out.write(text, at, 'utf8')
}
