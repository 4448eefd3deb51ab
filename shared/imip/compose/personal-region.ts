import type { Partstat } from '#shared/icalendar/model.ts'
import { foldLine, LINE_OCTETS_MAX } from '#shared/icalendar/write/fold.ts'
import { attendeeLine, attendeeStart, organizerLine } from '#shared/icalendar/write/personal-lines.ts'
import type { CheckedRecipient } from './checked-recipient.ts'

const CR = 0x0d
const LF = 0x0a
const SPACE = 0x20

/** Most octets that the lines of one attendee take beyond what the revision fixes: name and addresses at their limits, escaped. */
const PERSONAL_OCTETS_MAX = 8192

/** The start of a content line, folded, and how many octets of its last line are taken. */
type LineStart = { readonly octets: Buffer; readonly column: number }

/** Writes ORGANIZER, UID and ATTENDEE of one attendee, folded. */
export type RegionWriter = {
  /** Octets that `write` may need. */
  readonly octetsMax: number
  /** Writes at `at`; returns where it ended. */
  readonly write: (out: Buffer, at: number, recipient: CheckedRecipient, partstat: Partstat) => number
}

/**
 * Everything of the three lines that the revision fixes is folded once; a simple recipient is then written octet by octet, any
 * other through the line writer. Both give the same lines.
 */
export function regionWriter(organizerName: string, uidLine: string): RegionWriter {
  const organizer = lineStart(organizerLine({ address: '', name: organizerName }))
  const uid = Buffer.from(uidLine, 'utf8')
  const starts = new Map<Partstat, LineStart>()
  const startOf = (partstat: Partstat): LineStart => {
    const known = starts.get(partstat) ?? lineStart(attendeeStart(partstat))
    starts.set(partstat, known)
    return known
  }
  return {
    octetsMax: organizer.octets.length + uid.length + PERSONAL_OCTETS_MAX,
    write: (out, at, { isSimple, address, name, replyAddress }, partstat) => {
      if (!isSimple) {
        const organizerText = foldLine(organizerLine({ address: replyAddress, name: organizerName }))
        const attendeeText = foldLine(attendeeLine({ address, name, partstat }))
        return at + out.write(organizerText + uidLine + attendeeText, at, 'utf8')
      }
      let end = copied(out, at, organizer.octets)
      end = folded(out, end, organizer.column, replyAddress)
      end = copied(out, end, uid)
      const start = startOf(partstat)
      end = copied(out, end, start.octets)
      const value = name === '' ? `:mailto:${address}` : `;CN="${name}":mailto:${address}`
      return folded(out, end, start.column, value)
    },
  }
}

function lineStart(line: string): LineStart {
  const octets = Buffer.from(foldLine(line).slice(0, -2), 'utf8')
  return { octets, column: octets.length - (octets.lastIndexOf(LF) + 1) }
}

function copied(out: Buffer, at: number, octets: Buffer): number {
  for (let index = 0; index < octets.length; index += 1) out[at + index] = octets[index] ?? 0
  return at + octets.length
}

/** ASCII text continued on a line with `column` octets taken, folded, with CRLF. */
function folded(out: Buffer, at: number, column: number, text: string): number {
  let position = at
  let room = LINE_OCTETS_MAX - column
  for (let index = 0; index < text.length; index += 1) {
    if (room === 0) {
      out[position] = CR
      out[position + 1] = LF
      out[position + 2] = SPACE
      position += 3
      room = LINE_OCTETS_MAX - 1
    }
    out[position] = text.charCodeAt(index)
    position += 1
    room -= 1
  }
  out[position] = CR
  out[position + 1] = LF
  return position + 2
}
