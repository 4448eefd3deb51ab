import { afterEach, expect, it } from 'vitest'
import type { Cloud } from '#control-plane/cloud/cloud.ts'
import type { ProbeMail } from '#control-plane/cloud/probe-mails.ts'
import type { RightsQuestion } from '#control-plane/cloud/role-rights.ts'
import { getTenant } from '#control-plane/core/tenant/tenant-store.ts'
import { listRuns, readRun } from '#control-plane/provisioning/read-run.ts'
import { startRun } from '#control-plane/provisioning/start-run.ts'
import { drive, handle } from './drive.ts'
import { createLicensee, payFor } from './tenant-life.ts'
import { reach } from './walk.ts'
import { createWorld, type World } from './world.ts'

const domainName = 'invites.example.com'
let world: World
afterEach(() => world.close())

/** Drives with a cloud of the test's own until a tenant is as wanted, for some days at most. */
function settle(tenantId: string, cloud: Cloud, isDone: () => Promise<boolean>) {
  return drive(world, {
    handle: (told) => handle(world.ctxOf({ cloud }), told),
    person: createLicensee(world, tenantId),
    isDone,
    daysMax: 2,
  })
}

/** Every probe that is asked for, and whether it comes back. */
function probing(comesBack: (count: number) => boolean) {
  const mails: ProbeMail[] = []
  const cloud: Cloud = {
    ...world.cloud,
    at(place) {
      const at = world.cloud.at(place)
      return {
        ...at,
        probeMails: {
          async send(mail) {
            mails.push(mail)
            return comesBack(mails.length) ? at.probeMails.send(mail) : { messageId: 'lost' }
          },
        },
      }
    },
  }
  return { cloud, mails }
}

/** What IAM is made to answer, by what it would. */
function withRights(decide: (question: RightsQuestion, allowed: readonly string[]) => readonly string[]): Cloud {
  return {
    ...world.cloud,
    at(place) {
      const at = world.cloud.at(place)
      const allowed = async (question: RightsQuestion) =>
        decide(question, (await at.roleRights.allowed(question)) ?? [])
      return { ...at, roleRights: { allowed } }
    },
  }
}

async function stateOf(tenantId: string): Promise<string> {
  return (await getTenant(world.ctxOf(), tenantId)).state
}

async function stepOf(tenantId: string) {
  const [run] = (await listRuns(world.ctxOf(), { tenantId, limit: 1 })).runs
  const { steps } = await readRun(world.ctxOf(), { tenantId, runId: run?.runId ?? '' })
  return steps.find(({ status }) => status !== 'done')
}

it('no tenant is live before his mail has come back; one that was lost is sent again, to the same two addresses', async () => {
  world = await createWorld()
  const { tenantId } = await payFor(world, { domainName })
  const { cloud, mails } = probing((count) => count > 1)
  const states = new Set<string>()
  const outcome = await settle(tenantId, cloud, async () => {
    if (mails.length === 1) states.add(await stateOf(tenantId))
    return (await stateOf(tenantId)) === 'live'
  })
  expect([outcome, mails.length, states.has('live')]).toEqual(['done', 2, false])
  expect(mails[1]).toEqual(mails[0])
  expect(mails[0]).toMatchObject({ from: `probe@${domainName}` })
  expect(mails[0]?.to).toEqual([
    'success@simulator.amazonses.com',
    expect.stringMatching(/^probe-[0-9a-z]{26}@invites\.example\.com$/),
  ])
})

it('an update after which no mail comes back is a failed one, so that the release before can be had again', async () => {
  world = await createWorld()
  const { tenantId } = await payFor(world, { domainName })
  expect(await reach(world, { tenantId, state: 'live' })).toBe('done')
  await startRun(world.ctxOf(), { tenantId, kind: 'update' })
  const { cloud, mails } = probing(() => false)
  expect(await settle(tenantId, cloud, async () => (await stateOf(tenantId)) === 'update_failed')).toBe('done')
  // Every five minutes, for a quarter of an hour.
  expect(mails.length).toBe(3)
})

it('a stack that may reach a neighbour’s rows never goes live: the vendor is told which role may do what', async () => {
  world = await createWorld()
  const { tenantId } = await payFor(world, { domainName })
  const leaky = withRights((question, allowed) =>
    question.roleArn.endsWith('SenderRole') && question.resourceArn.endsWith('/convoke-neighbour-table')
      ? ['dynamodb:GetItem']
      : allowed,
  )
  const isStuck = async () => (await stepOf(tenantId))?.status === 'failed'
  expect(await settle(tenantId, leaky, isStuck)).toBe('done')
  expect(await stepOf(tenantId)).toMatchObject({ name: 'prove_isolation', error: { code: 'isolation_broken' } })
  expect((await stepOf(tenantId))?.error?.text).toMatch(/SenderRole may dynamodb:GetItem on .*convoke-neighbour-table/)
  expect(await stateOf(tenantId)).not.toBe('live')
})

it('an answer of IAM that allows nothing at all proves nothing', async () => {
  world = await createWorld()
  const { tenantId } = await payFor(world, { domainName })
  const silent = withRights(() => [])
  expect(await settle(tenantId, silent, async () => (await stepOf(tenantId))?.status === 'failed')).toBe('done')
  expect(await stepOf(tenantId)).toMatchObject({ name: 'prove_isolation', error: { code: 'isolation_broken' } })
})
