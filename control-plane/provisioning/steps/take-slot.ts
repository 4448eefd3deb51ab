import { hasSlot, slotTaking } from '#control-plane/core/placement/cell-store.ts'
import type { Step } from '../step.ts'
import { cellWithRoom } from './other-cell.ts'
import { stackNameOf } from './stack-name.ts'

/** How long a tenant waits before it looks for room again; a new cell is a matter of people. */
const LOOK_AGAIN_MILLISECONDS = 300_000

/** A slot in a cell: the counter moves with the tenant's slot row, so it is taken once, and never beyond the cap. */
export const takeSlot: Step = {
  name: 'take_slot',
  sentence: 'We find a place for your domain.',
  vendorSentence: 'A slot in a cell of the region is taken.',
  // One that left a full cell for another has moved the tenant before.
  onDone: ({ tenant }) => (tenant.state === 'placing' ? 'slot_taken' : undefined),
  async observe(work) {
    const { ctx, tenant } = work
    const { tenantId, cellId, region } = tenant
    if (cellId !== undefined && (await hasSlot(ctx, cellId, tenantId))) return { kind: 'done' }
    const cell = await cellWithRoom(work)
    if (cell !== undefined)
      return {
        kind: 'done',
        operations: slotTaking(cell, tenantId),
        tenant: { cellId: cell.cellId, awsAccountId: cell.awsAccountId, stackName: stackNameOf(tenant) },
      }
    ctx.log.metric({ at: 'provisioning.no_capacity', region })
    const nextAt = ctx.clock.now() + LOOK_AGAIN_MILLISECONDS
    return { kind: 'waiting', waitsFor: 'capacity', whoActs: 'vendor', nextAt }
  },
}
