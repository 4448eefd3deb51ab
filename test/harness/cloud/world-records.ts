import type { Sees } from '#control-plane/cloud/simulated/simulation.ts'

/** Records that every resolver of the world sees, as a test wants them. */
export type WorldRecords = {
  readonly sees: Sees
  readonly put: (name: string, type: string, ...values: readonly string[]) => void
  readonly remove: (name: string, type: string) => void
  /** Nobody is answered while it is so. */
  readonly beSilent: (isSilent: boolean) => void
}

export function createWorldRecords(): WorldRecords {
  const records = new Map<string, Map<string, readonly string[]>>()
  let isSilent = false
  return {
    async sees(name, type) {
      if (isSilent) return { kind: 'no_answer' }
      const ofName = records.get(name)
      return ofName === undefined ? { kind: 'no_name' } : { kind: 'values', values: ofName.get(type) ?? [] }
    },
    put(name, type, ...values) {
      records.set(name, (records.get(name) ?? new Map()).set(type, values))
    },
    remove(name, type) {
      records.get(name)?.delete(type)
      if (records.get(name)?.size === 0) records.delete(name)
    },
    beSilent(isSo) {
      isSilent = isSo
    },
  }
}
