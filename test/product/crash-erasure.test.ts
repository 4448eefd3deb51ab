import { afterAll, expect, it } from 'vitest'
import { createMailReader } from '#shared/imip/budget/mail-reader.ts'
import { findJob } from '#tenant-stack/core/person/person-job.ts'
import { requestJob } from '#tenant-stack/core/person/request-job.ts'
import { createCollectingLog } from '#test/harness/platform/collecting-log.ts'
import type { FaultPlan } from '#test/harness/platform/faults.ts'
import { lifeOfAnAttendee } from '#test/harness/tenant/life-of-an-event.ts'
import { memoReader } from '#test/harness/tenant/memo-reader.ts'
import { placesOf } from '#test/harness/tenant/raw-store.ts'
import { type Act, playStory } from '#test/harness/tenant/story.ts'
import { atEffect, deadLetters } from '#test/harness/tenant/worker.ts'

const reader = memoReader(createMailReader({ log: createCollectingLog() }))
afterAll(async () => reader.close())

const bob = 'bob@example.org'

const erasure: Act = async (ctx, { known }) => {
  const { jobId } = await requestJob(ctx, { email: bob, act: 'erase', suppresses: true, requestedBy: 'key_test' })
  known.set('jobId', jobId)
}
const life: readonly Act[] = [...lifeOfAnAttendee.slice(0, 4), lifeOfAnAttendee[8] ?? erasure, erasure]

async function ending(plan: FaultPlan, twinSeed?: number) {
  const { worker, platform, known } = await playStory({
    reader,
    acts: life,
    plan,
    ...(twinSeed === undefined ? {} : { twinSeed }),
  })
  const job = await findJob(worker.ctx, known.get('jobId') ?? '')
  const { invitations, answers, proposals, reply_addresses: addresses } = job?.counts ?? {}
  const left = await placesOf(platform, [bob])
  const dead = await deadLetters(worker)
  await platform.close()
  return { left, dead, state: job?.state, invitations, answers, proposals, addresses }
}

it('ends with nobody left and each row counted once, whatever effect it dies or errs at, alone or beside a twin', async () => {
  const seen: string[] = []
  const expected = await ending(atEffect(0, 'none', seen))
  expect(expected).toMatchObject({ left: [], dead: 0, state: 'done', invitations: 1, answers: 2, proposals: 1 })
  const before: string[] = []
  const start = await playStory({ reader, acts: life.slice(0, -1), plan: atEffect(0, 'none', before) })
  await start.platform.close()
  expect(seen.length - before.length).toBeGreaterThan(20)
  const wrong: string[] = []
  for (let nth = before.length + 1; nth <= seen.length; nth += 1)
    for (const fault of ['crash_before', 'crash_after', 'after'] as const)
      for (const twinSeed of fault === 'after' ? [undefined] : [undefined, nth]) {
        const ended = await ending(atEffect(nth, fault), twinSeed)
        if (JSON.stringify(ended) !== JSON.stringify(expected))
          wrong.push(`${fault} at ${nth} (${seen[nth - 1]}) ${twinSeed}: ${JSON.stringify(ended).slice(0, 500)}`)
      }
  expect(wrong).toEqual([])
}, 600_000)
