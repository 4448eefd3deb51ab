import { ianaByCity } from './iana-names.ts'
import { ianaRules } from './iana-rules.ts'
import { offsetOfName } from './offset-names.ts'
import { windowsToIana } from './windows-names.ts'

/** Places in Windows display names that are no city of the IANA database. */
const PLACES: ReadonlyMap<string, string> = new Map([
  ['abu dhabi', 'Asia/Dubai'],
  ['alaska', 'America/Anchorage'],
  ['arizona', 'America/Phoenix'],
  ['astana', 'Asia/Almaty'],
  ['baja california', 'America/Tijuana'],
  ['beijing', 'Asia/Shanghai'],
  ['bern', 'Europe/Zurich'],
  ['brasilia', 'America/Sao_Paulo'],
  ['chennai', 'Asia/Kolkata'],
  ['cape verde is.', 'Atlantic/Cape_Verde'],
  ['ekaterinburg', 'Asia/Yekaterinburg'],
  ['edinburgh', 'Europe/London'],
  ['greenland', 'America/Nuuk'],
  ['hawaii', 'Pacific/Honolulu'],
  ['marshall is.', 'Pacific/Majuro'],
  ['midway island', 'Pacific/Midway'],
  ['mumbai', 'Asia/Kolkata'],
  ['new caledonia', 'Pacific/Noumea'],
  ['new delhi', 'Asia/Kolkata'],
  ['newfoundland', 'America/St_Johns'],
  ["nuku'alofa", 'Pacific/Tongatapu'],
  ['osaka', 'Asia/Tokyo'],
  ['saskatchewan', 'America/Regina'],
  ['solomon is.', 'Pacific/Guadalcanal'],
  ['sri jayawardenepura', 'Asia/Colombo'],
  ['st. petersburg', 'Europe/Moscow'],
  ['west central africa', 'Africa/Lagos'],
])

/** Lotus names that are neither Windows names nor places. */
const LOTUS: ReadonlyMap<string, string> = new Map([
  ['western/central europe', 'Europe/Berlin'],
  ['western/central european', 'Europe/Berlin'],
])

/** `(UTC+01:00) Amsterdam, Berlin, …` and `(GMT+01.00) Sarajevo/Warsaw/Zagreb`: the name Windows shows, in any language. */
const DISPLAY_NAME = /^\((?:UTC|GMT)\s*([+-]\s*\d{1,2}[:.]?\d{0,2})?\)\s*(.*)$/is

/**
 * The IANA zone a display name means: the first of its places we know whose standard offset is the one in the parentheses.
 * The city names are nearly the same in all languages, so a localised name is found by the first city that is.
 */
export function displayNameToIana(name: string): string | undefined {
  const match = DISPLAY_NAME.exec(name)
  if (match === null) return undefined
  const offsetSeconds = match[1] === undefined ? 0 : offsetOfName(match[1].replace('.', ':'))
  const rest = (match[2] ?? '').trim()
  if (offsetSeconds === undefined) return undefined
  const candidates = [nameToIana(rest), ...rest.split(/[,;/:]/).map((place) => placeToIana(place.trim()))]
  return candidates.find((tzid) => tzid !== undefined && standardOffset(tzid) === offsetSeconds)
}

/**
 * `Amsterdam, Belgrade, Berlin, …`: a display name that lost its offset, as Exchange once wrote it. Its first place counts, if all
 * the places we know keep the same standard time.
 */
export function placesToIana(name: string): string | undefined {
  const lotus = LOTUS.get(name.toLowerCase())
  if (lotus !== undefined || !name.includes(',')) return lotus
  const tzids = name
    .split(/[,;]/)
    .map((place) => nameToIana(place.trim()) ?? placeToIana(place.trim()))
    .filter((tzid) => tzid !== undefined)
  return new Set(tzids.map(standardOffset)).size === 1 ? tzids[0] : undefined
}

/** `Eastern Time (US & Canada)`, `Eastern`, `Central America`: Windows and Lotus names without their "Standard Time". */
export function nameToIana(name: string): string | undefined {
  const bare = name
    .replace(/\(.*\)$/s, '')
    .trim()
    .replace(/\s+(?:daylight|standard|summer)?\s*time$/i, '')
  return bare === '' ? undefined : windowsToIana(`${bare} Standard Time`)
}

let cities: ReadonlyMap<string, string> | undefined

function placeToIana(place: string): string | undefined {
  cities ??= ianaByCity()
  const plain = place.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase()
  return PLACES.get(plain) ?? cities.get(plain)
}

/** The lower of the winter and summer offsets of a recent year; Windows names a zone by it. */
function standardOffset(tzid: string): number | undefined {
  const rules = ianaRules(tzid)
  if (rules === undefined) return undefined
  return Math.min(rules.offsetSecondsAt(Date.UTC(2024, 0, 15)), rules.offsetSecondsAt(Date.UTC(2024, 6, 15)))
}
