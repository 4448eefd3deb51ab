import { commit } from '#control-plane/core/commit.ts'
import { planControlMails } from '#control-plane/core/control-mail/plan-control-mail.ts'
import { STOP_MILLISECONDS, stopPlace } from './breaker.ts'
import { domainOperations } from './finish-visit.ts'
import { released } from './lease.ts'
import type { StepRow } from './run.ts'
import { stepWrite } from './run-store.ts'
import type { Observation, Work } from './step.ts'
import { backOff, type Trouble } from './trouble.ts'
import type { Visit } from './visit-step.ts'
import { mailsOfWait } from './wait-mails.ts'

/** What leaves a step where it is. */
type Unfinished = Extract<Observation, { readonly kind: 'waiting' | 'stuck' }>
export type Left =
  | Exclude<Visit, { readonly kind: 'observed' }>
  | { readonly kind: 'observed'; readonly observation: Unfinished }

/** So many troubles in a row are no hiccup: somebody of the vendor's looks, while it is still tried. */
const ATTEMPTS_UNTIL_SEEN = 8

/** Denied still after so many stops, a step is denied for itself, as by a policy of one bucket: it waits alone, and the others go on. */
const STOPS_OF_A_STEP = 2

/** Leaves a step that is not done: written is when it is looked at again and who has to act. Answers that time; undefined: when a person says so. */
export async function leaveStep(work: Work, visit: Left): Promise<number | undefined> {
  const { ctx } = work
  const now = ctx.clock.now()
  const step = released(work.step)
  switch (visit.kind) {
    case 'observed':
      return leaveObserved(work, step, visit.observation)
    case 'not_yet_visible':
      return leave(work, { ...step, status: 'waiting', waitsFor: 'visibility', ...later(work, now) })
    case 'no_call_free':
      // Spread over a span that grows with the queue before it, so that those who wait do not come back together.
      return leave(work, {
        ...step,
        status: 'waiting',
        waitsFor: 'call',
        nextAt: visit.at + Math.round(ctx.random() * Math.min(120_000, 1000 * step.visits)),
      })
    case 'place_stopped':
      return leave(work, {
        ...step,
        status: 'waiting',
        waitsFor: 'place',
        whoActs: 'vendor',
        nextAt: visit.until + Math.round(ctx.random() * 60_000),
      })
    case 'trouble':
      return leaveTrouble(work, step, visit.trouble)
  }
}

async function leaveObserved(work: Work, step: StepRow, observation: Unfinished): Promise<number | undefined> {
  const now = work.ctx.clock.now()
  if (observation.kind === 'stuck') {
    const { code, text, whoActs } = observation
    const error = { class: 'invalid', code, text, whoActs } as const
    return leave(work, { ...step, status: 'failed', error, whoActs, observedAt: now })
  }
  const { error: _, ...rest } = step
  const { waitsFor, whoActs, nextAt, outputs } = observation
  return leave(
    work,
    {
      ...rest,
      status: 'waiting',
      attempt: 0,
      waitsFor,
      whoActs,
      nextAt,
      observedAt: now,
      ...(outputs === undefined ? {} : { outputs: { ...step.outputs, ...outputs } }),
    },
    observation,
  )
}

async function leaveTrouble(work: Work, step: StepRow, trouble: Trouble): Promise<number | undefined> {
  const { ctx } = work
  const { code, text } = trouble
  ctx.log.warn({ at: 'provisioning.trouble', tenantId: step.tenantId, step: step.name, code, class: trouble.class })
  const attempt = step.attempt + 1
  const isSeen = attempt >= ATTEMPTS_UNTIL_SEEN
  const whoActs = trouble.whoActs === 'nobody' && isSeen ? 'vendor' : trouble.whoActs
  const troubled: StepRow = { ...step, attempt, whoActs, error: { class: trouble.class, code, text, whoActs } }
  if (trouble.next === 'person') return leave(work, { ...troubled, status: 'failed' })
  if (trouble.next === 'place') {
    const isForAll = attempt <= STOPS_OF_A_STEP
    const until = isForAll ? await stopPlace(ctx, (await work.site()).place, code) : ctx.clock.now() + STOP_MILLISECONDS
    return leave(work, { ...troubled, status: 'waiting', waitsFor: 'place', nextAt: until })
  }
  const nextAt = ctx.clock.now() + backOff(attempt, ctx.random)
  return leave(work, { ...troubled, status: 'waiting', waitsFor: 'retry', nextAt })
}

function later({ ctx, step }: Work, now: number): Pick<StepRow, 'attempt' | 'nextAt' | 'whoActs'> {
  const attempt = step.attempt + 1
  const whoActs = attempt >= ATTEMPTS_UNTIL_SEEN ? 'vendor' : 'nobody'
  return { attempt, nextAt: now + backOff(attempt, ctx.random), whoActs }
}

async function leave(
  work: Work,
  after: StepRow,
  observation?: Extract<Observation, { readonly kind: 'waiting' }>,
): Promise<number | undefined> {
  const mails = await planControlMails(work.ctx, await mailsOfWait(work, after, observation?.domain))
  await commit(work.ctx, {
    operations: [
      stepWrite(work.ctx, after, work.step.fence),
      ...domainOperations(work, observation?.domain),
      ...mails.operations,
    ],
    audit: [],
    notices: mails.notices,
  })
  return after.status === 'failed' ? undefined : after.nextAt
}
