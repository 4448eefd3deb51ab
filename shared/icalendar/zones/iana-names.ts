import { IANA_ALIAS_MAP, WINDOWS_TO_IANA_MAP } from 'windows-iana'
import { ianaRules } from './iana-rules.ts'

/** CLDR keeps the first spelling a zone ever had; these are the ones the IANA database has renamed since. */
const RENAMED: Readonly<Record<string, string>> = {
  'Africa/Asmera': 'Africa/Asmara',
  'America/Buenos_Aires': 'America/Argentina/Buenos_Aires',
  'America/Catamarca': 'America/Argentina/Catamarca',
  'America/Coral_Harbour': 'America/Atikokan',
  'America/Cordoba': 'America/Argentina/Cordoba',
  'America/Godthab': 'America/Nuuk',
  'America/Indianapolis': 'America/Indiana/Indianapolis',
  'America/Jujuy': 'America/Argentina/Jujuy',
  'America/Louisville': 'America/Kentucky/Louisville',
  'America/Mendoza': 'America/Argentina/Mendoza',
  'Asia/Calcutta': 'Asia/Kolkata',
  'Asia/Katmandu': 'Asia/Kathmandu',
  'Asia/Rangoon': 'Asia/Yangon',
  'Asia/Saigon': 'Asia/Ho_Chi_Minh',
  'Atlantic/Faeroe': 'Atlantic/Faroe',
  'Europe/Kiev': 'Europe/Kyiv',
  'Pacific/Enderbury': 'Pacific/Kanton',
  'Pacific/Ponape': 'Pacific/Pohnpei',
  'Pacific/Truk': 'Pacific/Chuuk',
}

/** Names from before the regions; the IANA database links them to these since 2024. */
const OLD_NAMES: Readonly<Record<string, string>> = {
  CET: 'Europe/Brussels',
  CST6CDT: 'America/Chicago',
  EET: 'Europe/Athens',
  EST: 'America/Panama',
  EST5EDT: 'America/New_York',
  HST: 'Pacific/Honolulu',
  MET: 'Europe/Brussels',
  MST: 'America/Phoenix',
  MST7MDT: 'America/Denver',
  PST8PDT: 'America/Los_Angeles',
  WET: 'Europe/Lisbon',
}

let canonicalByLowerCase: ReadonlyMap<string, string> | undefined

/** The canonical IANA name for a name in any case or an old spelling of it; undefined when no zone is called so. */
export function canonicalIana(name: string): string | undefined {
  canonicalByLowerCase ??= buildIndex()
  const known = canonicalByLowerCase.get(name.toLowerCase())
  return known === undefined || ianaRules(known) === undefined ? undefined : known
}

function buildIndex(): ReadonlyMap<string, string> {
  const index = new Map<string, string>()
  for (const name of Intl.supportedValuesOf('timeZone')) index.set(name.toLowerCase(), RENAMED[name] ?? name)
  for (const { iana } of WINDOWS_TO_IANA_MAP) {
    for (const name of iana) index.set(name.toLowerCase(), RENAMED[name] ?? name)
  }
  for (const { alias } of IANA_ALIAS_MAP) {
    const canonical = RENAMED[alias[0]] ?? alias[0]
    for (const name of alias) index.set(name.toLowerCase(), canonical)
  }
  for (const name of Object.values(RENAMED)) index.set(name.toLowerCase(), name)
  for (const [name, canonical] of Object.entries(OLD_NAMES)) index.set(name.toLowerCase(), canonical)
  return index
}

/** Lower-case last parts of IANA names (`new york`) → canonical name: how display names call zones. */
export function ianaByCity(): ReadonlyMap<string, string> {
  canonicalByLowerCase ??= buildIndex()
  const cities = new Map<string, string>()
  for (const [lowerCase, canonical] of canonicalByLowerCase) {
    if (!lowerCase.includes('/') || lowerCase.startsWith('etc/')) continue
    const city = lowerCase.slice(lowerCase.lastIndexOf('/') + 1).replaceAll('_', ' ')
    if (!cities.has(city)) cities.set(city, canonical)
  }
  return cities
}
