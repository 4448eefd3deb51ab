import { organizerMail } from '../fixtures/organizer-mails.ts'

/** What an organizer means by his meeting, as his own calendar has it: the oracle's side of the truth. */
export type Meeting = ReturnType<typeof createMeeting>

export type OrganizerMailSent = {
  readonly raw: string
  readonly kind: 'request' | 'call_off' | 'cancel'
  readonly sequence: number
}

const pad = (value: number) => String(value).padStart(2, '0')

/** A meeting of March 2027, single or of nine days; each mail has a higher SEQUENCE than the one before. */
export function createMeeting(nth: number, organizer: string, isSeries: boolean) {
  const uid = `meeting-${nth}@example.com`
  let sequence = -1
  let [hour, room] = [9, 1]
  let [isCancelled, off]: [boolean, readonly string[]] = [false, []]
  const dateOf = (day: number) => `202703${pad(5 + day)}T${pad(hour)}0000Z`

  function mail(
    method: 'REQUEST' | 'CANCEL',
    kind: OrganizerMailSent['kind'],
    start: string,
    more: readonly string[] = [],
  ) {
    sequence += 1
    const rule = isSeries && kind === 'request' ? ['RRULE:FREQ=DAILY;COUNT=9'] : []
    const lines = [
      `SEQUENCE:${sequence}`,
      `DTSTART:${start}`,
      'DURATION:PT1H',
      `LOCATION:Room ${room}`,
      ...rule,
      ...more,
    ]
    const raw = organizerMail({ uid, from: organizer, method, lines })
      .replace('DTSTAMP:20261123T090000Z', `DTSTAMP:20261123T09${pad(sequence)}00Z`)
      .replace(`Message-ID: <${uid}>`, `Message-ID: <${sequence}.${uid}>`)
    return { raw, kind, sequence }
  }
  const said = () =>
    mail(
      'REQUEST',
      'request',
      dateOf(0),
      off.map((date) => `EXDATE:${date}`),
    )

  return {
    uid,
    organizer,
    isSeries,
    created: said,
    moved() {
      hour += 1
      off = []
      return said()
    },
    reworded() {
      room += 1
      return said()
    },
    calledOff(day: number) {
      const date = dateOf(day)
      off = [...new Set([...off, date])]
      return mail('CANCEL', 'call_off', date, [`RECURRENCE-ID:${date}`])
    },
    cancelled() {
      isCancelled = true
      return mail('CANCEL', 'cancel', dateOf(0))
    },
    truth: () => ({ isCancelled, start: dateOf(0), off: isCancelled ? [] : off.toSorted() }),
  }
}
