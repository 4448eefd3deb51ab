import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { poolAccountWrite } from '#control-plane/core/placement/pool-account.ts'
import { registerCell } from '#control-plane/core/placement/register-cell.ts'
import { getTenant, tenantWrite } from '#control-plane/core/tenant/tenant-store.ts'
import { engineWork } from '#control-plane/work/engine-work.ts'
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
    expect((await link('777788889999', { outputs: { releaseBucket: 'other-releases' } })).status).toBe(200)
    expect(await resources()).toEqual({ releaseBucket: 'other-releases' })
  })

  it('200: with the secret from the first moment on, without which the engine would come as to an account of ours', async () => {
    const { body } = await link(THEIRS)
    expect(body.external_id).toMatch(/^[A-Za-z0-9_-]{32,128}$/)
    expect((await link(THEIRS)).body.external_id).toBe(body.external_id)
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

describe('export', () => {
  /** Asked for by its owner, signed by the engine, read by its owner. */
  async function exported(of: string) {
    const asked = await api.call(`/v1/tenants/${of}/exports`, { key: owner, method: 'POST' })
    expect(asked.status).toBe(202)
    const path = `/v1/tenants/${of}/exports/${String(asked.body.id)}`
    expect(await api.call(path, { key: owner })).toMatchObject({ status: 404, body: { code: 'export.not_found' } })
    for (const body of await api.plane.takeAll('export-asked'))
      await engineWork['export-asked'](await api.engine(), JSON.stringify(body))
    return api.call(path, { key: owner })
  }

  it('202, then 200: what the control plane knows of his tenant, and nothing of where it stands with others', async () => {
    const ctx = api.plane.ctxOf()
    const body = { domain_name: 'go.example.org' }
    const inCell = String((await api.call('/v1/tenants', { key: owner, body })).body.id)
    const before = await getTenant(ctx, inCell)
    const mailTopicArn = `arn:aws:sns:eu-west-1:${CELL}:convoke-one-mail`
    const place = { awsAccountId: CELL, cellId: `cel_${CELL}_eu-west-1`, resources: { mailTopicArn } }
    await ctx.table.transact([tenantWrite(before, { ...before, ...place, version: before.version + 1 })])
    const made = await exported(inCell)
    expect([made.status, made.body.tenant_id]).toEqual([200, inCell])
    expect(made.text).toContain('go.example.org')
    expect(made.text).not.toContain(CELL)
    await link(THEIRS)
    expect((await exported(tenantId)).text).toContain(THEIRS)
  })
})
