import { randomUUID } from 'node:crypto'
import { expect } from 'vitest'

/** A name no other case and no earlier run of the suite has used: a subject may be a table that lives on. */
export function freshName(stem: string): string {
  return `${stem}-${randomUUID().slice(0, 13)}`
}

/** The call must fail, and with exactly this named failure. */
export async function expectFailure(call: Promise<unknown>, code: string): Promise<void> {
  await expect(call).rejects.toMatchObject({ name: 'Failure', code })
}
