/** Levels of brackets in one name: Stripe's deepest parameters have five. */
const LEVELS_MAX = 8

export type Form = { readonly [name: string]: FormValue }
export type FormValue = string | Form | readonly FormValue[]
type Tree = Map<string, Tree | string>

/** A form-encoded body or query as Stripe reads it: `a[b][0][c]=d`; whole numbers from 0 make a list, as does `a[]`. */
export function parseForm(text: string): Form {
  const root: Tree = new Map()
  for (const [name, value] of new URLSearchParams(text)) {
    const path = [name.replace(/\[.*$/s, ''), ...[...name.matchAll(/\[([^[\]]*)\]/g)].map(([, key = '']) => key)]
    if (path.length <= LEVELS_MAX) plant(root, path, value)
  }
  return asForm(root)
}

function plant(tree: Tree, [first = '', ...rest]: readonly string[], value: string): void {
  const key = first === '' ? String(tree.size) : first
  if (rest.length === 0) {
    tree.set(key, value)
    return
  }
  const found = tree.get(key)
  const next: Tree = found instanceof Map ? found : new Map()
  tree.set(key, next)
  plant(next, rest, value)
}

function asForm(tree: Tree): Form {
  return Object.fromEntries([...tree].map(([key, value]) => [key, value instanceof Map ? asValue(value) : value]))
}

function asValue(tree: Tree): FormValue {
  const keys = [...tree.keys()]
  const isList = keys.length > 0 && keys.every((key) => /^\d+$/.test(key))
  const form = asForm(tree)
  if (!isList) return form
  return keys.toSorted((left, right) => Number(left) - Number(right)).flatMap((key) => form[key] ?? [])
}
