type Shape = Readonly<Record<string, unknown>>

/** What `previous_attributes` of an update says: the changed attributes as they were, of hashes the changed keys alone. */
export function previousAttributes(before: Shape, after: Shape): Shape {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])]
  return Object.fromEntries(
    names
      .filter((name) => !isSame(before[name], after[name]))
      .map((name) => {
        const [old, fresh] = [before[name], after[name]]
        return [name, isShape(old) && isShape(fresh) ? previousAttributes(old, fresh) : (old ?? null)]
      }),
  )
}

export function isShape(value: unknown): value is Shape {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isSame(left: unknown, right: unknown): boolean {
  return JSON.stringify(left) === JSON.stringify(right)
}
