import { WINDOWS_TO_IANA_MAP } from 'windows-iana'
import { canonicalIana } from './iana-names.ts'

/** CLDR marks the zone that stands for the whole Windows zone with this territory. */
const WORLD = '001'

/** Zones that Windows once had, still written by old servers. */
const RETIRED: readonly (readonly [string, string])[] = [
  ['armenian standard time', 'Asia/Yerevan'],
  ['kamchatka standard time', 'Asia/Kamchatka'],
  ['mexico standard time', 'America/Mexico_City'],
  ['mexico standard time 2', 'America/Mazatlan'],
  ['mid-atlantic standard time', 'Atlantic/South_Georgia'],
]

let ianaByWindowsName: ReadonlyMap<string, string> | undefined

/** The IANA zone of a Windows zone name, in any case. */
export function windowsToIana(name: string): string | undefined {
  ianaByWindowsName ??= new Map([...RETIRED, ...WINDOWS_TO_IANA_MAP.flatMap(worldEntry)])
  const iana = ianaByWindowsName.get(name.toLowerCase())
  return iana === undefined ? undefined : canonicalIana(iana)
}

/** One well-known IANA zone for each set of rules in use, the plain ones ("Pacific Standard Time") before "(Mexico)". */
export function representativeZones(): readonly string[] {
  const world = WINDOWS_TO_IANA_MAP.filter(({ territory }) => territory === WORLD)
  const plain = world.filter(({ windowsName }) => !windowsName.includes('('))
  const others = world.filter(({ windowsName }) => windowsName.includes('('))
  return [...plain, ...others].map(({ iana }) => canonicalIana(iana[0]) ?? iana[0])
}

type WindowsZone = (typeof WINDOWS_TO_IANA_MAP)[number]

function worldEntry({ territory, windowsName, iana }: WindowsZone): readonly (readonly [string, string])[] {
  return territory === WORLD ? [[windowsName.toLowerCase(), iana[0]]] : []
}
