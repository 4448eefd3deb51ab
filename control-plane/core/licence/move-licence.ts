import { isFailure } from '#shared/errors/failure.ts'
import type { WriteOperation } from '#shared/platform/table.ts'
import type { AuditEntry } from '../audit/audit.ts'
import { commit } from '../commit.ts'
import type { Ctx } from '../context.ts'
import { type PlannedMail, planControlMails } from '../control-mail/plan-control-mail.ts'
import { type DueMark, markDue } from '../due.ts'
import type { Notice } from '../outbox.ts'
import { type Licence, LicenceFailure } from './licence.ts'
import type { LicenceEvent } from './licence-event.ts'
import { decideLicence } from './licence-machine.ts'
import { licenceWrite } from './licence-store.ts'

export type Move = {
  readonly licence: Licence
  readonly licenceEvent: LicenceEvent
  /** Why, where a person had to say. */
  readonly reason?: string
  /** Written with it, or not at all. */
  readonly operations?: readonly WriteOperation[]
  readonly mails?: readonly PlannedMail[]
  readonly notices?: readonly Notice[]
  /** Rows of the log beside the licence's own. */
  readonly audit?: readonly AuditEntry[]
}

/**
 * One transition in one transaction: row, audit row, mails, and the promise that the tenant follows. The licence is due at once, so that
 * the calendar looks at what is new. Throws `licence.wrong_state` when the machine refuses, `licence.changed_meanwhile` when another was first.
 */
export async function moveLicence(ctx: Ctx, move: Move): Promise<Licence> {
  const { licence, licenceEvent } = move
  const now = ctx.clock.now()
  const decision = decideLicence(licence, licenceEvent, ctx.actor, now)
  if (decision.kind === 'refused') throw LicenceFailure.wrong_state(refusalText(licence, decision.reason))
  await writeLicence(ctx, { ...move, before: licence, after: decision.licence, action: licenceEvent.kind })
  return decision.licence
}

/** Throws `licence.wrong_state` when this could not happen now: asked before anything is done outside. */
export function mayHappen(ctx: Ctx, licence: Licence, licenceEvent: LicenceEvent): void {
  const decision = decideLicence(licence, licenceEvent, ctx.actor, ctx.clock.now())
  if (decision.kind === 'refused') throw LicenceFailure.wrong_state(refusalText(licence, decision.reason))
}

/** Writes fields of a licence that are no transition (what Stripe was last seen to say), under the same promises. */
export async function noteOnLicence(
  ctx: Ctx,
  before: Licence,
  changes: Partial<Licence>,
  operations: readonly WriteOperation[] = [],
): Promise<Licence> {
  const after: Licence = { ...before, ...changes, version: before.version + 1 }
  await writeLicence(ctx, { before, after, action: 'noted', operations })
  return after
}

async function writeLicence(
  ctx: Ctx,
  change: Omit<Move, 'licence' | 'licenceEvent'> & {
    readonly before: Licence
    readonly after: Licence
    readonly action: string
  },
): Promise<void> {
  const { before, after, reason, operations = [], mails = [], notices = [], audit = [] } = change
  const { licenceId, licenseeId, tenantId } = after
  const planned = await planControlMails(ctx, mails)
  try {
    await commit(ctx, {
      operations: [
        licenceWrite(before, after, licenceDue(ctx, licenceId, ctx.clock.now())),
        ...operations,
        ...planned.operations,
      ],
      audit: [
        {
          action: `licence.${change.action}`,
          target: { kind: 'licence', id: licenceId },
          licenseeId,
          tenantId,
          before,
          after,
          ...(reason === undefined ? {} : { reason }),
        },
        ...audit,
      ],
      notices: [{ queueName: 'licence-changed', body: { licenceId } }, ...notices, ...planned.notices],
    })
  } catch (error) {
    if (!isFailure(error, 'table.condition_failed') && !isFailure(error, 'table.conflict')) throw error
    throw LicenceFailure.changed_meanwhile('The licence was changed by somebody else just now; try again.', {
      cause: error,
    })
  }
}

export function licenceDue(ctx: Pick<Ctx, 'sha256'>, licenceId: string, dueAt: number): DueMark {
  return markDue(ctx, { rowName: licenceId, dueAt, queueName: 'licence-due', body: { licenceId } })
}

const REFUSALS: { readonly [reason: string]: string } = {
  not_allowed: 'This is not yours to do.',
  subscription_live: 'The licence has a subscription: pay its open invoice, or cancel it first.',
  complimentary: 'A complimentary licence has nothing to pay or cancel.',
  cancelled: 'The licence is cancelled already.',
  not_cancelled: 'The licence is not cancelled.',
  already_held: 'The licence is held already.',
  terms_are_so: 'The licence has these terms already.',
  not_held: 'The licence is not held.',
  period_over: 'The period would already be over.',
}

function refusalText({ state }: Licence, reason: string): string {
  return REFUSALS[reason] ?? `This cannot be done with a licence that is ${state.replaceAll('_', ' ')}.`
}
