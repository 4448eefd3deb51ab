const FORMATS = {
  day: { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' },
  weekday: { weekday: 'short' },
  time: { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
  zone: { timeZoneName: 'short' },
} as const satisfies Readonly<Record<string, Intl.DateTimeFormatOptions>>

/** Making one costs more than a hundred uses of it. */
const formatters = new Map<string, Intl.DateTimeFormat>()
/** Intl takes a zone's name in any case: what mails write must not fill the memory. */
const FORMATTERS_MAX = 500

/** How a language (BCP 47) writes a part of a time in a zone. Throws RangeError for a zone that Intl does not know. */
export function formatter(locale: string, kind: keyof typeof FORMATS, timeZone: string): Intl.DateTimeFormat {
  const name = `${locale} ${kind} ${timeZone}`
  const made = formatters.get(name) ?? new Intl.DateTimeFormat(locale, { ...FORMATS[kind], timeZone })
  if (formatters.size >= FORMATTERS_MAX) formatters.clear()
  formatters.set(name, made)
  return made
}
