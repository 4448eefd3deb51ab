import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createMailReader } from '#shared/imip/budget/mail-reader.ts'
import { sweepHandlers } from '#tenant-stack/pipelines/sweeps.ts'
import { createCollectingLog } from '#test/harness/platform/collecting-log.ts'
import { apiCaller } from '#test/harness/tenant/api-caller.ts'
import { invited } from '#test/harness/tenant/invited.ts'
import { canary, canaryName, planted, words } from '#test/harness/tenant/planted.ts'
import { placesOf } from '#test/harness/tenant/raw-store.ts'
import { createTestTenant, type TestTenant } from '#test/harness/tenant/test-tenant.ts'

const reader = createMailReader({ log: createCollectingLog() })
afterAll(async () => reader.close())

let tenant: TestTenant
beforeEach(async () => {
  tenant = await createTestTenant({ reader })
})
afterEach(() => tenant.close())

/** Minutes pass, and what is due is found by the sweep. */
async function settle(minutes = 30) {
  await tenant.drain()
  for (let minute = 0; minute < minutes; minute += 2) {
    tenant.platform.clock.advance(120)
    await sweepHandlers.unfinished(tenant.ctx)
    await tenant.drain()
  }
}

async function erase(email = canary, more: object = {}) {
  const call = await apiCaller(tenant.ctx)
  const asked = await call('POST', '/erasures', { body: { email, ...more } })
  expect(asked.status).toBe(202)
  await settle()
  return (await call('GET', `/erasures/${String(asked.body.id)}`)).body
}

describe('an export', () => {
  it('holds what was said by and about a person, of others only where he is named, and is given out for seven days', async () => {
    await planted(tenant)
    const call = await apiCaller(tenant.ctx)
    const { body } = await call('POST', '/exports', { body: { email: canary } })
    const path = `/exports/${String(body.id)}`
    expect((await call('GET', `${path}/file`)).status).toBe(409)
    await tenant.drain()
    expect((await call('GET', path)).body).toMatchObject({
      state: 'done',
      counts: { invitations: 2, mentions: expect.any(Number) },
    })
    const file = await call('GET', `${path}/file`)
    expect(file.body).toMatchObject({
      format: 'convoke-person/1',
      records: expect.arrayContaining([
        { kind: 'invitations', data: expect.objectContaining({ address: canary, name: canaryName }) },
        { kind: 'answers', data: expect.objectContaining({ comment: `${canaryName} comes` }) },
        { kind: 'list_files', data: { lines: [`"${canaryName}",${canary}`] } },
      ]),
    })
    const mails = [...file.text.matchAll(/"content_base64":"([^"]+)"/g)].map(([, content = '']) =>
      Buffer.from(content, 'base64').toString(),
    )
    expect(mails.length).toBeGreaterThan(3)
    for (const mail of mails) expect(/^From: .*/m.exec(mail)?.[0]).toContain(canary)
    expect(file.text).not.toMatch(/"token"|"fence"/)
    tenant.platform.clock.advance(7 * 86_400)
    expect((await call('GET', `${path}/file`)).status).toBe(410)
  })

  it('is gone with whom it was about', async () => {
    await invited(tenant, 'one@example.com', canary)
    const call = await apiCaller(tenant.ctx)
    const { body } = await call('POST', '/exports', { body: { email: canary } })
    await erase()
    expect(await placesOf(tenant.platform, words)).toEqual([])
    expect((await call('GET', `/exports/${String(body.id)}/file`)).status).toBe(410)
  })
})
