import type { WriteOperation } from '#shared/platform/table.ts'
import type { Ctx } from '#tenant-stack/core/context.ts'

export type Interrupted = {
  readonly ctx: Ctx
  /** Runs `meanwhile` once, right before the first write (or transaction with one) that `isThere` knows. */
  readonly atWrite: (isThere: (operation: WriteOperation) => boolean, meanwhile: () => Promise<void>) => void
}

/** A context in whose name nothing goes wrong, except that others are faster at a chosen moment. */
export function interrupted(ctx: Ctx): Interrupted {
  let waiting: { isThere: (operation: WriteOperation) => boolean; meanwhile: () => Promise<void> } | undefined
  async function pauseAt(operations: readonly WriteOperation[]): Promise<void> {
    const now = waiting
    if (now === undefined || !operations.some(now.isThere)) return
    waiting = undefined
    await now.meanwhile()
  }
  return {
    ctx: {
      ...ctx,
      table: {
        ...ctx.table,
        async write(operation) {
          await pauseAt([operation])
          return ctx.table.write(operation)
        },
        async transact(operations) {
          await pauseAt(operations)
          return ctx.table.transact(operations)
        },
      },
    },
    atWrite(isThere, meanwhile) {
      waiting = { isThere, meanwhile }
    },
  }
}

/** Whether an operation writes a row whose keys begin so. */
export function writes(pk: string, sk = ''): (operation: WriteOperation) => boolean {
  return (operation) => {
    const key = operation.kind === 'put' ? operation.item : operation.key
    return operation.kind !== 'check' && key.pk.startsWith(pk) && key.sk.startsWith(sk)
  }
}
