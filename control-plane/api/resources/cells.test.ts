import { afterEach, beforeEach, expect, it } from 'vitest'
import { type ControlApiInMemory, controlApiInMemory } from '#test/harness/control/control-api.ts'

const role = (name: string) => `arn:aws:iam::111122223333:role/baseline/${name}`
const cell = {
  name: 'eu-1',
  aws_account_id: '111122223333',
  region: 'eu-west-1',
  cap: 96,
  cell_version: '1.0.0',
  operating_role_arn: role('operating'),
  execution_role_arn: role('execution'),
  tenant_boundary_arn: 'arn:aws:iam::111122223333:policy/baseline/tenant',
  router_role_arn: role('router'),
  cell_table_name: 'baseline-cell',
  release_bucket: 'baseline-releases',
}

let api: ControlApiInMemory
let admin = ''
beforeEach(async () => {
  api = await controlApiInMemory()
  admin = await api.key({ kind: 'vendor' }, 'vendor_admin')
})
afterEach(() => api.close())

const add = (key: string, body: object = cell) => api.call('/v1/cells', { key, body })

it('201: takes tenants from now on; 409 for a second one of the same place', async () => {
  expect(await add(admin)).toMatchObject({ status: 201, body: { name: 'eu-1', used: 0, headroom: 96, is_open: true } })
  expect(await add(admin)).toMatchObject({ status: 409, body: { code: 'placement.cell_exists' } })
  const { body } = await api.call('/v1/cells', { key: admin })
  expect(body).toMatchObject({ data: [{ name: 'eu-1' }] })
})

it('200: is closed and made larger, and keeps what was not named', async () => {
  const { body } = await add(admin)
  const changed = await api.call(`/v1/cells/${String(body.id)}`, {
    method: 'PATCH',
    key: admin,
    body: { is_open: false, cap: 480 },
  })
  expect(changed).toMatchObject({ status: 200, body: { is_open: false, cap: 480, headroom: 0, cell_version: '1.0.0' } })
})

it('403, 404, 422: is for the vendor’s admins, wants what is there, and whole bodies', async () => {
  const owner = await api.key(await api.licensee('Acme'), 'owner')
  const support = await api.key({ kind: 'vendor' }, 'vendor_support')
  expect((await add(owner)).status).toBe(403)
  expect((await add(support)).status).toBe(403)
  expect((await add(admin, { ...cell, aws_account_id: '12' })).status).toBe(422)
  const unknown = await api.call('/v1/cells/cel_nowhere', { method: 'PATCH', key: admin, body: { cap: 1 } })
  expect(unknown).toMatchObject({ status: 404, body: { code: 'placement.cell_not_found' } })
})
