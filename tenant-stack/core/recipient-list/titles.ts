/** Where in a row the address stands, and the cells that make the name, in the order in which it is written. */
export type Columns = { readonly address?: number; readonly names: readonly number[] }

const ADDRESS = /^(?:e ?mail(?: ?address)?|email id|address|mail|courriel|adresse|correo|direccion)$/
/** Titles that contain one of these are an address's, where none is one alone: `E-mail 1 - Value`, `Adresse électronique`. */
const ABOUT_ADDRESS =
  /\b(?:e ?mail|mail|courriel|mailadresse|e ?mailadresse|adresse electronique|correo electronico)(?: ?address| ?adresse)?\b/
/** … unless they are about it and do not hold it. */
const BESIDE_ADDRESS = /\b(?:label|type|status|opt|consent|verified|sent|date|count|id|format)\b/
const FULL = /^(?:(?:full|display) ?name|name|nombre completo|nom complet|attendee|guest|teilnehmer)$/
const GIVEN = /^(?:(?:first|given) ?name|vorname|prenom|nombre)$/
const FAMILY = /^(?:(?:last|family) ?name|surname|nachname|familienname|nom|nom de famille|apellidos?)$/

/** A first line whose cells are titles, or undefined: one with an address in it is a person's. */
export function titlesOf(cells: readonly string[]): Columns | undefined {
  if (cells.some((cell) => cell.includes('@'))) return undefined
  const titles = cells.map(plain)
  const address = addressIn(titles)
  return address < 0 ? undefined : { address, names: namesIn(titles, address) }
}

function addressIn(titles: readonly string[]): number {
  const alone = titles.findIndex((title) => ADDRESS.test(title))
  if (alone >= 0) return alone
  return titles.findIndex((title) => ABOUT_ADDRESS.test(title) && !BESIDE_ADDRESS.test(title))
}

/** The whole name where there is one; else given before family name, whatever their order in the file. */
function namesIn(titles: readonly string[], address: number): readonly number[] {
  const at = (pattern: RegExp) => {
    const found = titles.findIndex((title, index) => index !== address && pattern.test(title))
    return found < 0 ? [] : [found]
  }
  const full = at(FULL)
  return full.length > 0 ? full : [...at(GIVEN), ...at(FAMILY)]
}

/** Lower case, without accents and punctuation. */
function plain(title: string): string {
  return title
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
}
