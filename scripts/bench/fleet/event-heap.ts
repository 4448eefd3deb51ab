/** Takes out the earliest first; of equals, whichever. */
export type EventHeap<T> = {
  readonly push: (at: number, value: T) => void
  readonly pop: () => { readonly at: number; readonly value: T } | undefined
}

export function createEventHeap<T>(): EventHeap<T> {
  const rows: { readonly at: number; readonly value: T }[] = []
  const atOf = (index: number): number => rows[index]?.at ?? Number.POSITIVE_INFINITY

  function swap(a: number, b: number): void {
    const [rowA, rowB] = [rows[a], rows[b]]
    if (rowA === undefined || rowB === undefined) return
    rows[a] = rowB
    rows[b] = rowA
  }

  return {
    push(at, value) {
      let index = rows.push({ at, value }) - 1
      while (index > 0) {
        const parent = (index - 1) >> 1
        if (atOf(parent) <= atOf(index)) return
        swap(parent, index)
        index = parent
      }
    },
    pop() {
      const first = rows[0]
      const last = rows.pop()
      if (first === undefined || last === undefined || rows.length === 0) return first
      rows[0] = last
      for (let index = 0; ; ) {
        const left = 2 * index + 1
        const child = atOf(left + 1) < atOf(left) ? left + 1 : left
        if (atOf(child) >= atOf(index)) return first
        swap(child, index)
        index = child
      }
    },
  }
}
