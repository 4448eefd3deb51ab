import type { DataHost, StackHost } from '#control-plane/cloud/simulated/simulation.ts'
import type { PresentStack, WantedStack } from '#shared/contracts/embedded-stack.ts'
import type { Blobs } from '#shared/platform/blobs.ts'

export type MemoryHosts = {
  readonly stackHost: StackHost
  readonly dataHost: DataHost
  /** What is wanted now, by stack name. */
  readonly wanted: ReadonlyMap<string, WantedStack>
  /** The next parameters wanted of this stack cannot be opened, until told otherwise. */
  readonly failWith: (stackName: string, reason: string | undefined) => void
  /** Stacks neither open nor close while it is held. */
  readonly hold: (isHeld: boolean) => void
  /** Tenants that have data. */
  readonly tenantsWithData: () => readonly string[]
}

/** Opens every wanted stack at once, in memory; `makeBlobs` makes an empty bucket. */
export function createMemoryHosts(makeBlobs: () => Promise<Blobs>): MemoryHosts {
  const wanted = new Map<string, WantedStack>()
  const present = new Map<string, PresentStack>()
  const failures = new Map<string, string>()
  const buckets = new Map<string, Blobs>()
  const tables = new Set<string>()
  let isHeld = false

  function open(stack: WantedStack): void {
    const { stackName, tenantId, parameters } = stack
    const reason = failures.get(stackName)
    const outputs = { BucketName: `${stackName.toLowerCase()}-bucket`, TableName: `${stackName}-table` }
    const told = { stackName, tenantId, parameters, outputs }
    present.set(stackName, reason === undefined ? { ...told, status: 'open' } : { ...told, status: 'failed', reason })
    tables.add(tenantId)
  }

  return {
    wanted,
    stackHost: {
      async want(stack) {
        wanted.set(stack.stackName, stack)
        if (!isHeld) open(stack)
      },
      async unwant(stackName) {
        wanted.delete(stackName)
        const now = present.get(stackName)
        if (isHeld || now === undefined) return
        const reason = failures.get(stackName)
        present.set(
          stackName,
          reason === undefined ? { ...now, status: 'closed' } : { ...now, status: 'failed', reason },
        )
      },
      async present(stackName) {
        return present.get(stackName)
      },
    },
    dataHost: {
      async bucket(tenantId) {
        const known = buckets.get(tenantId) ?? (await makeBlobs())
        buckets.set(tenantId, known)
        return known
      },
      async removeBucket(tenantId) {
        buckets.delete(tenantId)
      },
      async removeTable(tenantId) {
        tables.delete(tenantId)
      },
    },
    failWith(stackName, reason) {
      if (reason === undefined) failures.delete(stackName)
      else failures.set(stackName, reason)
    },
    hold(isSo) {
      isHeld = isSo
      if (isSo) return
      for (const stack of wanted.values()) open(stack)
    },
    tenantsWithData: () => [...new Set([...buckets.keys(), ...tables])],
  }
}
