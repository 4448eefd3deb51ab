export type WakeUps = {
  readonly listen: (queueName: string, wake: () => void) => () => void
  readonly wake: (queueName: string) => void
  readonly wakeAll: () => void
}

/** In-process notes that a queue has something, so that its runtime need not poll; many in one turn become one. */
export function createWakeUps(): WakeUps {
  const listeners = new Map<string, Set<() => void>>()
  const noted = new Set<string>()

  function callNoted(): void {
    const names = [...noted]
    noted.clear()
    for (const name of names) for (const wake of listeners.get(name) ?? []) wake()
  }

  function wake(queueName: string): void {
    if (!listeners.has(queueName)) return
    if (noted.size === 0) queueMicrotask(callNoted)
    noted.add(queueName)
  }

  return {
    listen(queueName, callback) {
      const of = listeners.get(queueName) ?? new Set()
      listeners.set(queueName, of)
      // Wrapped, so that the same function listening twice is two listeners.
      const entry = (): void => callback()
      of.add(entry)
      return () => {
        of.delete(entry)
      }
    },
    wake,
    wakeAll() {
      for (const queueName of listeners.keys()) wake(queueName)
    },
  }
}
