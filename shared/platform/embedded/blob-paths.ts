/** Room for the mark and a file system's 255 bytes a name. */
const NAME_CHARACTERS_MAX = 200

/**
 * A key's path below the objects' folder, safe on file systems that fold case, reserve names (CON, NUL) or refuse
 * `*` and a last dot. Names begin with a mark: `f=` an object, `d=` a segment with more below, `c=` a segment cut
 * because it is long. Upper case and unusual characters are written `^xx`.
 */
export function blobPath(key: string): readonly string[] {
  const segments = key.split('/')
  const last = segments.pop() ?? ''
  return [...segments.flatMap((segment) => segmentNames(segment, 'd=')), ...segmentNames(last, 'f=')]
}

/** The folders to enter for keys that begin with `prefix`. */
export function prefixPath(prefix: string): readonly string[] {
  return prefix
    .split('/')
    .slice(0, -1)
    .flatMap((segment) => segmentNames(segment, 'd='))
}

export type BlobName = { readonly kind: 'object' | 'folder' | 'cut'; readonly text: string }

/** What a name in the folder stands for; undefined for a file that is not ours. */
export function readName(name: string): BlobName | undefined {
  const kind = { 'f=': 'object', 'd=': 'folder', 'c=': 'cut' } as const
  const mark = name.slice(0, 2)
  if (mark !== 'f=' && mark !== 'd=' && mark !== 'c=') return undefined
  const text = name
    .slice(2)
    .replaceAll(/\^([0-9a-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  return { kind: kind[mark], text }
}

function segmentNames(segment: string, mark: 'd=' | 'f='): readonly string[] {
  const names: string[] = []
  let name = ''
  for (const character of segment) {
    if (name.length + 3 > NAME_CHARACTERS_MAX) {
      names.push(`c=${withoutLastDot(name)}`)
      name = ''
    }
    name += /[a-z0-9_()!'-]/.test(character) ? character : escaped(character)
  }
  return [...names, mark + withoutLastDot(name)]
}

/** Windows drops a last dot. */
function withoutLastDot(name: string): string {
  return name.replace(/\.$/, '^2e')
}

function escaped(character: string): string {
  return character === '.' ? '.' : `^${character.charCodeAt(0).toString(16).padStart(2, '0')}`
}
