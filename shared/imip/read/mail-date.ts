const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']

/** RFC 5322 §4.3: hours east of UTC of the alphabetic zones; every other name means "unknown", read as UTC. */
const ZONE_HOURS: ReadonlyMap<string, number> = new Map([
  ['est', -5],
  ['edt', -4],
  ['cst', -6],
  ['cdt', -5],
  ['mst', -7],
  ['mdt', -6],
  ['pst', -8],
  ['pdt', -7],
])

/** A Date field as mail writes it, after comments are cut; the day name and the seconds may be missing (§4.3). */
const MAIL_DATE =
  /^(?:[a-z]{2,9},? )?(\d{1,2})[ -]([a-z]{3})[a-z]{0,6}[ -](\d{2,4}) (\d{1,2}):(\d{2})(?::(\d{2}))?(?: ([+-]\d{4}|[a-z]{1,5}))?/

/** Longer than any date with its comments. */
const DATE_CHARACTERS_MAX = 128

/** Epoch milliseconds of a Date field (RFC 5322 §3.3, §4.3), undefined when it is none. Does not ask this machine's zone. */
export function mailDate(value: string): number | undefined {
  const plain = value
    .slice(0, DATE_CHARACTERS_MAX)
    .replace(/\([^()]*\)/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .toLowerCase()
  const match = MAIL_DATE.exec(plain)
  if (!match) return undefined
  const [, day = '', monthName = '', year = '', hour = '', minute = '', second = '0', zone = ''] = match
  const month = MONTHS.indexOf(monthName)
  if (month === -1) return undefined
  const epoch = Date.UTC(fullYear(year), month, Number(day), Number(hour), Number(minute), Number(second))
  const isReal =
    Number(day) >= 1 && Number(day) <= 31 && Number(hour) < 24 && Number(minute) < 60 && Number(second) <= 60
  return isReal ? epoch - zoneMinutes(zone) * 60_000 : undefined
}

/** RFC 5322 §4.3: two digits below 50 are of this century, three digits count from 1900. */
function fullYear(digits: string): number {
  const year = Number(digits)
  if (digits.length === 2 && year < 50) return 2000 + year
  return digits.length <= 3 ? 1900 + year : year
}

function zoneMinutes(zone: string): number {
  if (!/^[+-]/.test(zone)) return (ZONE_HOURS.get(zone) ?? 0) * 60
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(3, 5))
  return zone.startsWith('-') ? -minutes : minutes
}
