import { cellsFor } from '#control-plane/core/placement/cell.ts'
import { allCells, getCell, hasSlot, slotTaking } from '#control-plane/core/placement/cell-store.ts'
import { standsBeside } from '#control-plane/core/release/desire-release.ts'
import { getRelease } from '#control-plane/core/release/release.ts'
import type { Step } from '../step.ts'
import { stackNameOf } from './stack-name.ts'

/** How long a tenant waits before it looks for room again; a new cell is a matter of people. */
const LOOK_AGAIN_MILLISECONDS = 300_000

/** A slot in a cell: the counter moves with the tenant's slot row, so it is taken once, and never beyond the cap. */
export const takeSlot: Step = {
  name: 'take_slot',
  sentence: 'We find a place for your domain.',
  vendorSentence: 'A slot in a cell of the region is taken.',
  onDone: 'slot_taken',
  async observe({ ctx, tenant, run }) {
    const { tenantId, cellId, region } = tenant
    if (cellId !== undefined && (await hasSlot(ctx, cellId, tenantId))) return { kind: 'done' }
    const release = await getRelease(ctx, run.templateVersion ?? '')
    for (const { cellId: candidate } of cellsFor(await allCells(ctx), { region })) {
      // The listing may be behind: the row itself says whether there is room.
      const cell = await getCell(ctx, candidate)
      if (cellsFor([cell], { region }).length === 0 || !standsBeside(release, cell.cellVersion)) continue
      return {
        kind: 'done',
        operations: slotTaking(cell, tenantId),
        tenant: { cellId: candidate, awsAccountId: cell.awsAccountId, stackName: stackNameOf(tenant) },
      }
    }
    ctx.log.metric({ at: 'provisioning.no_capacity', region })
    const nextAt = ctx.clock.now() + LOOK_AGAIN_MILLISECONDS
    return { kind: 'waiting', waitsFor: 'capacity', whoActs: 'vendor', nextAt }
  },
}
