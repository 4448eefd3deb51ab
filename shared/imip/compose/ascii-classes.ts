/** Letters, digits and `_ . -`: ids of our own. */
export const TOKEN = 1
/** RFC 5322 atext and the dot. */
export const ATOM_DOTS = 2
/** Of those, what `mailto:` holds without percent-encoding. */
export const MAILTO_DOTS = 4
/** Lower-case letters, digits, `.` and `-`. */
export const DOMAIN_NAME = 8
/** Printable ASCII, but for what a quoted-string, a calendar parameter or an encoded-word gives a meaning. */
export const NAME = 16

/** Joints stand between two other characters: neither first nor last, nor beside one another. */
export const DOT = 32
export const DOT_OR_HYPHEN = 64
export const SPACE = 128
export const NO_JOINT = 0

const CLASS_PATTERNS: readonly (readonly [number, RegExp])[] = [
  [TOKEN, /[\w.-]/],
  [ATOM_DOTS, /[\w!#$%&'*+/=?^`{|}~.-]/],
  [MAILTO_DOTS, /[\w!$'*+~.-]/],
  [DOMAIN_NAME, /[a-z0-9.-]/],
  [NAME, /[\x20-\x7e](?<!["\\^=])/],
  [DOT, /\./],
  [DOT_OR_HYPHEN, /[.-]/],
  [SPACE, / /],
]

/** By octet, the bits of the classes it is in; none for those outside ASCII. */
const classes = Uint8Array.from({ length: 256 }, (_, octet) =>
  CLASS_PATTERNS.reduce(
    (sum, [bit, pattern]) => (octet < 128 && pattern.test(String.fromCharCode(octet)) ? sum | bit : sum),
    0,
  ),
)

/**
 * True when the octets from `from` to `to` are all in the class and its joints stand right; never for none. Runs over every
 * personal octet of every mail, hence without branches inside the loop.
 */
export function isRunOf(classBit: number, jointBit: number, octets: Uint8Array, from: number, to: number): boolean {
  let all = classBit
  let misplaced = 0
  let previous = jointBit
  for (let index = from; index < to; index += 1) {
    const bits = classes[octets[index] ?? 0] ?? 0
    all &= bits
    misplaced |= previous & bits
    previous = bits
  }
  return from < to && all !== 0 && ((misplaced | previous) & jointBit) === 0
}
