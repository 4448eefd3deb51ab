/** Scripts that are written together (Unicode UTS 39 section 5.2, "highly restrictive"): each with Latin. */
const TOGETHER = [
  ['Latin', 'Han', 'Hiragana', 'Katakana'],
  ['Latin', 'Han', 'Bopomofo'],
  ['Latin', 'Han', 'Hangul'],
]

const SCRIPTS = [
  'Latin',
  'Cyrillic',
  'Greek',
  'Armenian',
  'Georgian',
  'Cherokee',
  'Hebrew',
  'Arabic',
  'Devanagari',
  'Thai',
  'Han',
  'Hiragana',
  'Katakana',
  'Bopomofo',
  'Hangul',
].map((name) => ({ name, letters: new RegExp(`\\p{Script=${name}}`, 'u') }))

/** Of Cyrillic and Greek: what a reader takes for Latin. A label of these alone spells a Latin word. */
const LATIN_TWINS = /^[аеорсухіјѕһԁԛԝӏвкмнтαοινκρτυχγωε0-9-]+$/u
const OF_OTHER_SCRIPT = /[\p{Script=Cyrillic}\p{Script=Greek}]/u

/** True for a name of which a label mixes scripts that are not written together, or is Latin to the eye alone. */
export function isLookAlike(unicodeName: string): boolean {
  return unicodeName
    .split('.')
    .some((label) => isMixed(label) || (OF_OTHER_SCRIPT.test(label) && LATIN_TWINS.test(label)))
}

function isMixed(label: string): boolean {
  const found = SCRIPTS.filter(({ letters }) => letters.test(label)).map(({ name }) => name)
  const letters = label.match(/\p{L}/gu) ?? []
  const hasUnknown = letters.some((letter) => !SCRIPTS.some((script) => script.letters.test(letter)))
  const count = found.length + (hasUnknown ? 1 : 0)
  return count > 1 && (hasUnknown || !TOGETHER.some((set) => found.every((name) => set.includes(name))))
}
