import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { poolAccountWrite } from '#control-plane/core/placement/pool-account.ts'
import { registerCell } from '#control-plane/core/placement/register-cell.ts'
import { getTenant } from '#control-plane/core/tenant/tenant-store.ts'
import { type ControlApiInMemory, controlApiInMemory } from '#test/harness/control/control-api.ts'

const THEIRS = '444455556666'
const CELL = '111122223333'
const POOLED = '222233334444'

let api: ControlApiInMemory
let owner = ''
let tenantId = ''
beforeEach(async () => {
  api = await controlApiInMemory()
  owner = await api.key(await api.licensee('Acme'), 'owner')
  const claimed = { domain_name: 'invites.example.com', placement: 'customer' }
  tenantId = String((await api.call('/v1/tenants', { key: owner, body: claimed })).body.id)
})
afterEach(() => api.close())

const roleIn = (awsAccountId: string) => `arn:aws:iam::${awsAccountId}:role/baseline/operating`
const link = (awsAccountId: string, more: object = {}) =>
  api.call(`/v1/tenants/${tenantId}/account`, {
    key: owner,
    body: { aws_account_id: awsAccountId, operating_role_arn: roleIn(awsAccountId), ...more },
  })
const resources = async () => (await getTenant(api.plane.ctxOf(), tenantId)).resources

describe('account of a customer', () => {
  it('200: with the names of its baseline, and a second time with others', async () => {
    const outputs = { executionRoleArn: roleIn(THEIRS), releaseBucket: 'their-releases' }
    expect(await link(THEIRS, { outputs })).toMatchObject({ status: 200, body: { aws_account_id: THEIRS } })
    expect(await resources()).toEqual(outputs)
    expect((await link(THEIRS, { outputs: { releaseBucket: 'other-releases' } })).status).toBe(200)
  })

  it('422: an output that is none of the baseline, by which another’s table or zone would be his to delete', async () => {
    for (const name of ['tableName', 'bucketName', 'hostedZoneId', 'certificateArn', 'stackId', 'poolAccountId'])
      expect([name, (await link(THEIRS, { outputs: { [name]: 'another-tenants' } })).status]).toEqual([name, 422])
    expect(await resources()).toEqual({})
  })

  it('422: a role or function of another account', async () => {
    expect((await link(THEIRS, { operating_role_arn: roleIn(CELL) })).status).toBe(422)
    expect((await link(THEIRS, { outputs: { executionRoleArn: roleIn(CELL) } })).status).toBe(422)
    const ruleSetActivatorArn = `arn:aws:lambda:us-east-1:${CELL}:function:activate`
    expect((await link(THEIRS, { outputs: { ruleSetActivatorArn } })).status).toBe(422)
  })

  it('409: an account of ours, which trusts the engine for every tenant in it', async () => {
    const ctx = api.plane.ctxOf()
    await registerCell(ctx, {
      name: 'eu-1',
      awsAccountId: CELL,
      region: 'eu-west-1',
      cap: 96,
      isOpen: true,
      isCanary: false,
      cellVersion: '1.0.0',
      operatingRoleArn: roleIn(CELL),
      executionRoleArn: roleIn(CELL),
      tenantBoundaryArn: 'arn:3',
      routerRoleArn: 'arn:4',
      cellTableName: 'cell',
      releaseBucket: 'releases',
    })
    const pooled = { poolAccountId: 'acc_1', state: 'taken', region: 'eu-west-1', email: 'a@example.com' } as const
    await ctx.table.transact([
      poolAccountWrite(undefined, { ...pooled, accountName: 'a', awsAccountId: POOLED, createdAt: 0, version: 1 }),
    ])
    for (const ours of [CELL, POOLED])
      expect(await link(ours)).toMatchObject({ status: 409, body: { code: 'tenant.wrong_state' } })
    expect(await getTenant(ctx, tenantId)).not.toHaveProperty('operatingRoleArn')
  })
})
