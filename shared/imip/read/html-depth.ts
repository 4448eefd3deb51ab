import { VOID_TAGS } from './html-rules.ts'

const TAG = /<(\/?)([A-Za-z][A-Za-z0-9:_-]{0,31})/g

const HEADINGS = 'h1 h2 h3 h4 h5 h6'
const BLOCKS =
  'address article aside blockquote details div dl fieldset figcaption figure footer form header hr main nav ol p pre section table ul'

function closing(inner: string, outer: string): readonly (readonly [string, ReadonlySet<string>])[] {
  return inner.split(' ').map((tag) => [tag, new Set(outer.split(' '))] as const)
}

/** Which open elements the sanitizer's parser ends when a tag begins, so that a run of unclosed ones does not nest. */
const CLOSED_BY: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ...closing(BLOCKS, 'p'),
  ...closing(HEADINGS, `${HEADINGS} p`),
  ...closing('li', 'li'),
  ...closing('dt dd', 'dt dd'),
  ...closing('tr', 'tr td th'),
  ...closing('td', 'td th thead'),
  ...closing('th', 'th'),
  ...closing('tbody tfoot', 'thead tbody'),
  ...closing('a', 'a'),
])

/** True when elements nest deeper than `depthMax`: the sanitizer's parser takes quadratic time on those. One linear pass. */
export function nestsDeeper(html: string, depthMax: number): boolean {
  const stack: string[] = []
  const open = new Map<string, number>()
  const close = () => {
    const popped = stack.pop() ?? ''
    open.set(popped, (open.get(popped) ?? 1) - 1)
    return popped
  }
  for (const match of html.matchAll(TAG)) {
    const name = (match[2] ?? '').toLowerCase()
    if (VOID_TAGS.has(name)) continue
    if (match[1] === '') {
      const closed = CLOSED_BY.get(name)
      while (closed?.has(stack.at(-1) ?? '')) close()
      if (stack.push(name) > depthMax) return true
      open.set(name, (open.get(name) ?? 0) + 1)
    } else if ((open.get(name) ?? 0) > 0) {
      while (stack.length > 0 && close() !== name);
    }
  }
  return false
}
