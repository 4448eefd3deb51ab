import { afterEach, expect, it } from 'vitest'
import { registerLicensee } from '#control-plane/core/licensee/register-licensee.ts'
import { registerTenant } from '#control-plane/core/tenant/register-tenant.ts'
import { type ControlPlaneInMemory, controlPlaneInMemory } from '#test/harness/control/control-plane.ts'
import { listRuns } from './read-run.ts'
import { type Run, runKey, runPartition } from './run.ts'
import { saysOf } from './sentences.ts'

const opened: ControlPlaneInMemory[] = []
afterEach(async () => {
  for (const { platform } of opened.splice(0)) await platform.close()
})

async function withRuns(count: number) {
  const plane = await controlPlaneInMemory()
  opened.push(plane)
  const ctx = plane.ctxOf()
  const { licenseeId } = await registerLicensee(ctx, { name: 'Acme', billingEmail: 'pay@example.com' })
  const { tenant } = await registerTenant(ctx, {
    licenseeId,
    domainName: 'invites.example.com',
    registrableName: 'example.com',
    placement: 'cell',
    dnsMode: 'delegated',
    region: 'eu-west-1',
  })
  const { tenantId } = tenant
  for (let at = 1; at <= count; at += 1) {
    const runId = `run_${String(at).padStart(4, '0')}`
    const run: Run = {
      runId,
      tenantId,
      licenseeId,
      kind: 'update',
      status: 'finished',
      startedBy: { type: 'system', id: 'engine' },
      steps: [],
      startedAt: at,
      version: 1,
    }
    await ctx.table.write({ kind: 'put', item: { ...runKey(tenantId, runId), ...run } })
    for (let step = 0; step < 30; step += 1)
      await ctx.table.write({
        kind: 'put',
        item: { pk: runPartition(tenantId), sk: `run#${runId}#step#${String(step).padStart(2, '0')}-x` },
      })
  }
  return { ctx, tenantId }
}

it('runs are listed newest first, so many as are asked for, each once', async () => {
  const { ctx, tenantId } = await withRuns(11)
  const seen: string[] = []
  const sizes: number[] = []
  let after: string | undefined
  do {
    const page = await listRuns(ctx, { tenantId, limit: 4, ...(after === undefined ? {} : { after }) })
    seen.push(...page.runs.map(({ runId }) => runId))
    sizes.push(page.runs.length)
    after = page.next
  } while (after !== undefined)
  expect(seen).toEqual(Array.from({ length: 11 }, (_, at) => `run_${String(11 - at).padStart(4, '0')}`))
  expect(sizes).toEqual([4, 4, 3])
  await expect(listRuns(ctx, { tenantId, limit: 4, after: 'nonsense' })).rejects.toMatchObject({
    code: 'table.bad_cursor',
  })
})

it('what a person is asked for is said also while it is looked at again', () => {
  const step = {
    runId: 'run_1',
    tenantId: 'ten_1',
    position: 3,
    name: 'await_delegation',
    attempt: 0,
    visits: 3,
    fence: 4,
    waitsFor: 'delegation',
    whoActs: 'licensee',
  } as const
  expect(saysOf.step({ ...step, status: 'leased' })).toEqual(saysOf.step({ ...step, status: 'waiting' }))
})
