/** What an attendee's calendar shows of one event; times in basic form. */
export type AttendeeCalendar = {
  readonly isCancelled: boolean
  readonly start: string
  readonly off: readonly string[]
}

/** A calendar as clients keep it: the highest SEQUENCE of the series, and the dates called off since. */
export function calendarAfter(texts: readonly string[]): AttendeeCalendar {
  let master = { sequence: -1, isCancelled: false, start: '', exdates: new Set<string>() }
  const cancels: { sequence: number; date: string }[] = []
  for (const text of texts) {
    const sequence = Number(/^SEQUENCE:(\d+)/m.exec(text)?.[1])
    const date = /^RECURRENCE-ID:(\S+)/m.exec(text)?.[1]
    if (date !== undefined) cancels.push({ sequence, date })
    else if (sequence >= master.sequence)
      master = {
        sequence,
        isCancelled: /^METHOD:CANCEL/m.test(text),
        start: /^DTSTART[^:\r\n]*:(\S+)/m.exec(text.slice(text.indexOf('BEGIN:VEVENT')))?.[1] ?? '',
        exdates: new Set([...text.matchAll(/^EXDATE[^:\r\n]*:(\S+)/gm)].flatMap((line) => (line[1] ?? '').split(','))),
      }
  }
  const off = cancels.filter((cancel) => cancel.sequence > master.sequence).map((cancel) => cancel.date)
  const { isCancelled, start, exdates } = master
  return { isCancelled, start, off: [...new Set([...exdates, ...off])].toSorted() }
}
