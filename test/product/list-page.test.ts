import PostalMime from 'postal-mime'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createPages } from '#tenant-stack/pages/app.ts'
import { listMails } from '#test/fixtures/list-mails.ts'
import { organizerMail } from '#test/fixtures/organizer-mails.ts'
import { createTestTenant, type TestTenant } from '#test/harness/tenant/test-tenant.ts'

const ana = 'ana.diaz@example.com'

let tenant: TestTenant
let path: string
beforeEach(async () => {
  tenant = await createTestTenant()
  await tenant.receive(organizerMail({ uid: 'talk@example.com' }), { from: ana })
  const list = 'dora@example.org\nnobody\neve@example.org\n'
  await tenant.receive(listMails.gmail({ list }), { to: 'lists@events.example.net', from: ana })
  const asked = await PostalMime.parse((await tenant.sent()).at(-1)?.raw ?? '')
  path = /\/list\/[0-9a-z]{26}/.exec(asked.text ?? '')?.[0] ?? '/none'
})
afterEach(() => tenant.close())

const textOf = async (response: Response | Promise<Response>) => (await response).text()
const look = () => textOf(createPages(tenant.ctx).request(path))
const press = (act: string) =>
  textOf(
    createPages(tenant.ctx).request(path, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: `act=${act}`,
    }),
  )
const invited = async () =>
  (await tenant.sent())
    .map(({ to }) => to)
    .filter((to) => to !== ana)
    .toSorted()

it('names the lines that are left out, and nobody in them', async () => {
  const html = await look()
  expect(html).toContain('In line 2.')
  expect(html).not.toMatch(/dora|nobody|http-equiv/)
})

it('shows how far the list is while it is sent, pauses it, and lets it go on', async () => {
  expect(await press('confirm')).toContain('<meta http-equiv="refresh"')
  const paused = await press('pause')
  expect(paused).toContain('Go on')
  expect(paused).not.toContain('http-equiv')
  await tenant.drain()
  expect(await invited()).toEqual([])
  expect(await look()).toContain('0 of 2 sent.')
  await press('resume')
  await tenant.drain()
  expect(await invited()).toEqual(['dora@example.org', 'eve@example.org'])
  const done = await look()
  expect(done).toMatch(/<progress max="2" value="2".*2 of 2 sent\./s)
  expect(done).not.toMatch(/http-equiv|<button/)
})
