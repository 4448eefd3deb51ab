import { releaseClaim } from '#control-plane/core/domain/claim-registry.ts'
import { holdsClaim } from '#control-plane/core/domain/domain-claim.ts'
import { domainWrite } from '#control-plane/core/domain/domain-store.ts'
import { markDue } from '#control-plane/core/due.ts'
import { WORKING_STATES } from '#shared/contracts/licence-file.ts'
import type { WriteOperation } from '#shared/platform/table.ts'
import type { Step, Work } from '../step.ts'
import { newDomain, waitForLicence } from './preflight.ts'

const DAY = 86_400_000

/** The first daily look at a live domain comes at a time of its own, so that the fleet's looks are spread over the day. */
function firstLook({ clock, random }: { readonly clock: { now(): number }; readonly random: () => number }): number {
  return clock.now() + Math.round(DAY * (0.5 + random() / 2))
}

export const goLive: Step = {
  name: 'go_live',
  sentence: 'Your domain goes live.',
  vendorSentence: 'The tenant goes live.',
  onDone: 'verified',
  async observe(work) {
    const { state: licenceState } = await work.licence()
    if (!WORKING_STATES.includes(licenceState)) return waitForLicence(work)
    return { kind: 'done', facts: { licenceState }, domain: { dueAt: firstLook(work.ctx) } }
  },
}

export const settleLive: Step = {
  name: 'settle_live',
  sentence: 'Your domain works again.',
  vendorSentence: 'The tenant is live again.',
  onDone: ({ run }) => (run.kind === 'update' ? 'update_done' : 'resume_done'),
  async observe(work) {
    const { ctx, tenant } = work
    // A name that was lost in a contest meanwhile is looked at now, and the tenant suspended.
    const dueAt = (await holdsClaim(ctx, tenant)) ? firstLook(ctx) : ctx.clock.now()
    return { kind: 'done', domain: { dueAt } }
  },
}

export const settleSuspended: Step = {
  name: 'settle_suspended',
  sentence: 'Your domain is suspended.',
  vendorSentence: 'The tenant is suspended.',
  onDone: 'suspend_done',
  // A suspended domain is still ours to watch: it must not be lost while nobody sends.
  observe: async ({ ctx, run }) => ({
    kind: 'done',
    domain: { dueAt: firstLook(ctx) },
    ...(run.kind === 'unbind' ? { tenant: { unboundAt: ctx.clock.now() } } : {}),
  }),
}

export const beginRemoval: Step = {
  name: 'begin_removal',
  sentence: 'Your domain is being taken down.',
  vendorSentence: 'The export is there; removal begins.',
  onDone: 'deprovision',
  observe: async () => ({ kind: 'done' }),
}

export const settleRetained: Step = {
  name: 'settle_retained',
  sentence: 'Your data is kept for a while.',
  vendorSentence: 'Everything that runs is gone; the claim is given back; table and bucket are kept.',
  onDone: 'deprovision_done',
  async observe(work) {
    const { ctx, tenant, domain } = work
    const { domainName, tenantId } = tenant
    const retainedUntil = ctx.clock.now() + ctx.estate.retentionDays * DAY
    const released = await releaseClaim(ctx, { domainName, tenantId })
    return {
      kind: 'done',
      // Each step before this one has read its part back as gone, or kept the empty zone on purpose.
      facts: { isEverythingGone: true },
      tenant: { retainedUntil },
      domain: { events: ['released'], dueAt: retainedUntil },
      operations: domain === undefined ? [...released, markOf(work, retainedUntil)] : released,
    }
  },
}

/** One that was never set up has no row whose mark would tell that its time of keeping is over: it gets one. */
function markOf(work: Work, dueAt: number): WriteOperation {
  const { tenantId } = work.tenant
  const due = markDue(work.ctx, { rowName: `domain/${tenantId}`, dueAt, queueName: 'domain-due', body: { tenantId } })
  return domainWrite(undefined, { ...newDomain(work), state: 'released' }, due)
}

export const settleDeleted: Step = {
  name: 'settle_deleted',
  sentence: 'Everything is deleted.',
  vendorSentence: 'Nothing is left but the audit log.',
  onDone: 'delete',
  async observe({ ctx, tenant }) {
    const { retainedUntil = 0, isLegalHeld = false } = tenant
    // Nobody looks at the domain any more: its mark goes.
    return { kind: 'done', facts: { isRetentionOver: retainedUntil <= ctx.clock.now(), isLegalHeld }, domain: {} }
  },
}
