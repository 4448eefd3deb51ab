import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ApiScope, pageOf } from '#shared/contracts/api.ts'
import { SessionView } from '#shared/contracts/sessions-api.ts'
import { createApiKey } from '#tenant-stack/core/api-key/create-key.ts'
import { changeOrganizer } from '#tenant-stack/core/organizer/change-organizer.ts'
import { SESSION_IDLE_SECONDS, SESSION_SECONDS } from '#tenant-stack/core/session/session.ts'
import { sweepHandlers } from '#tenant-stack/pipelines/sweeps.ts'
import { organizerMail } from '#test/fixtures/organizer-mails.ts'
import { apiCaller } from '#test/harness/tenant/api-caller.ts'
import { browserOf, mailedLink, signIn } from '#test/harness/tenant/console.ts'
import { ana } from '#test/harness/tenant/invited.ts'
import { createTestTenant, type TestTenant } from '#test/harness/tenant/test-tenant.ts'

let tenant: TestTenant
let browser: ReturnType<typeof browserOf>
beforeEach(async () => {
  tenant = await createTestTenant()
  browser = browserOf(tenant)
  await tenant.receive(organizerMail({ uid: 'one@example.com' }), { from: ana })
})
afterEach(() => tenant.close())

const ask = async (email: string) => {
  const answer = await browser('/sign-in', { form: { email } })
  await tenant.drain()
  return { status: answer.status, text: (await answer.text()).replaceAll(email, '…') }
}
const linksTo = async (address: string) =>
  (await tenant.sent()).filter(({ to, raw }) => to === address && raw.toString('latin1').includes('/sign-in/')).length

describe('a link to sign in by', () => {
  it('is mailed to an organizer and to nobody else, and the page does not tell which', async () => {
    const known = await ask(ana)
    expect(await ask('stranger@example.org')).toEqual(known)
    expect([known.status, await linksTo(ana), await linksTo('stranger@example.org')]).toEqual([200, 1, 0])
    expect((await ask('no address')).status).toBe(422)
  })

  it('changes nothing when it is looked at, and signs in once when its button is pressed', async () => {
    await ask(ana)
    const link = (await mailedLink(tenant, ana)) ?? ''
    for (let again = 0; again < 3; again += 1) {
      const looked = await browser(link)
      expect([looked.status, looked.headers.getSetCookie()]).toEqual([200, []])
    }
    const [first, second] = await Promise.all([browser(link, { form: {} }), browser(link, { form: {} })])
    expect(new Set([first?.status, second?.status])).toEqual(new Set([303, 410]))
    const cookie = [first, second].flatMap((one) => one?.headers.getSetCookie() ?? [])[0] ?? ''
    expect(cookie).toMatch(
      /^__Host-convoke-session=[0-9a-z]{26}; Max-Age=2592000; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
    )
    expect((await browser(link)).status).toBe(410)
  })

  it('ends after ten minutes', async () => {
    await ask(ana)
    const link = (await mailedLink(tenant, ana)) ?? ''
    tenant.platform.clock.advance(601)
    expect([(await browser(link)).status, (await browser(link, { form: {} })).status]).toEqual([410, 410])
  })

  it('comes also when the message that tells of it is lost, and begins to run out only then', async () => {
    await browser('/sign-in', { form: { email: ana } })
    // Nobody drains: the message is in the queue, the sweep tells of it once more.
    tenant.platform.clock.advance(900)
    await sweepHandlers.unfinished(tenant.ctx)
    await tenant.drain()
    expect(await linksTo(ana)).toBe(1)
    expect((await browser((await mailedLink(tenant, ana)) ?? '')).status).toBe(200)
  })

  it('is mailed five times a quarter of an hour to one address, and more asks are answered alike', async () => {
    const answers = new Set<string>()
    for (let again = 0; again < 8; again += 1) answers.add((await ask(ana)).text)
    expect([answers.size, await linksTo(ana)]).toEqual([1, 5])
    tenant.platform.clock.advance(901)
    await ask(ana)
    expect(await linksTo(ana)).toBe(6)
  })

  it('refuses one network address that asks for everybody', async () => {
    const statuses: number[] = []
    for (let at = 0; at < 52; at += 1)
      statuses.push((await browser('/sign-in', { form: { email: `p${at}@example.org` } })).status)
    expect(statuses.slice(48)).toEqual([200, 200, 429, 429])
  })

  it('is of no use to another site: what does not come from this host is refused', async () => {
    await ask(ana)
    const link = (await mailedLink(tenant, ana)) ?? ''
    for (const origin of ['https://evil.example.com', 'null', null])
      expect([origin, (await browser(link, { form: {}, origin })).status]).toEqual([origin, 403])
    expect((await browser('/sign-in', { form: { email: ana }, origin: 'https://evil.example.com' })).status).toBe(403)
    expect((await browser(link, { form: {} })).status).toBe(303)
  })
})

describe('a session', () => {
  const isIn = async (cookie: string) => (await browser('/v1/events', { cookie })).status

  it('shows who one is and what is his, and lets in on the console’s host alone', async () => {
    const cookie = await signIn(tenant, ana)
    const shown = await (await browser('/console', { cookie })).text()
    expect(shown).toContain(ana)
    expect(shown).toContain('A meeting')
    expect(await isIn(cookie)).toBe(200)
    for (const host of ['api.events.example.net', 'abc.execute-api.eu-west-1.amazonaws.com'])
      expect([host, (await browser('/v1/events', { cookie, host })).status]).toEqual([host, 401])
    expect((await browser('/console')).status).toBe(303)
  })

  it('ends when it is not used, in any case after a month, and when he is suspended at once', async () => {
    const cookie = await signIn(tenant, ana)
    for (let days = 0; days < 24; days += 6) {
      expect(await isIn(cookie)).toBe(200)
      tenant.platform.clock.advance(6 * 86_400)
    }
    expect(await isIn(cookie)).toBe(200)
    tenant.platform.clock.advance(SESSION_IDLE_SECONDS + 3600)
    expect(await isIn(cookie)).toBe(401)
    const second = await signIn(tenant, ana)
    await changeOrganizer(tenant.ctx, { address: ana, state: 'suspended', reason: 'left' })
    expect([await isIn(second), (await browser('/console', { cookie: second })).status]).toEqual([403, 403])
    await ask(ana)
    expect(await linksTo(ana)).toBe(2)
    expect(SESSION_SECONDS).toBe(30 * 86_400)
  })

  it('is listed and ended: this one, another, all others', async () => {
    const first = await signIn(tenant, ana)
    tenant.platform.clock.advance(60)
    const second = await signIn(tenant, ana)
    tenant.platform.clock.advance(60)
    const third = await signIn(tenant, ana)
    const listed = async (cookie: string) => {
      const answer = await browser(`/v1/organizers/${ana}/sessions`, { cookie })
      const body = pageOf(SessionView).parse(await answer.json())
      return body.data.map(({ id }) => id)
    }
    const [newest = ''] = await listed(first)
    expect(await listed(first)).toHaveLength(3)
    expect(
      (await browser(`/v1/organizers/${ana}/sessions/${newest}`, { cookie: first, method: 'DELETE' })).status,
    ).toBe(204)
    expect([await isIn(first), await isIn(second), await isIn(third)]).toEqual([200, 200, 401])
    tenant.platform.clock.advance(60)
    const page = await browser('/console/sessions', { cookie: first, form: { end: 'others' } })
    expect([page.status, await isIn(first), await isIn(second)]).toEqual([303, 200, 401])
    const out = await browser('/sign-out', { cookie: first, form: {} })
    expect([out.status, out.headers.get('location'), await isIn(first)]).toEqual([303, '/sign-in', 401])
  })

  it('that was ended stays ended: by being signed out everywhere, listed or not, and by a suspension that is over', async () => {
    const call = await apiCaller(tenant.ctx)
    const cookies = [await signIn(tenant, ana), await signIn(tenant, ana)]
    await ask(ana)
    const link = (await mailedLink(tenant, ana)) ?? ''
    tenant.platform.clock.advance(1)
    expect((await call('DELETE', `/organizers/${ana}/sessions`)).body).toEqual({ ended: 2 })
    for (const cookie of cookies) expect(await isIn(cookie)).toBe(401)
    expect((await browser(link, { form: {} })).status).toBe(410)
    tenant.platform.clock.advance(901)
    const again = await signIn(tenant, ana)
    tenant.platform.clock.advance(1)
    await call('PATCH', `/organizers/${ana}`, { body: { state: 'suspended', reason: 'left' } })
    await call('PATCH', `/organizers/${ana}`, { body: { state: 'active' } })
    expect(await isIn(again)).toBe(401)
  })
})

describe('an administrator', () => {
  it('sees what is the domain’s, and is made, suspended and resumed by who may do all without an end', async () => {
    const all = await apiCaller(tenant.ctx)
    const cookie = await signIn(tenant, ana)
    expect((await browser('/v1/keys', { cookie })).status).toBe(403)
    const small = await apiCaller(tenant.ctx, ['organizers:read', 'organizers:write'])
    const inAnHour = Math.floor(tenant.ctx.clock.now() / 1000) + 3600
    const { secret } = await createApiKey(tenant.ctx, { label: 'ends', scopes: ApiScope.options, expiresAt: inAnHour })
    const ending = { authorization: `Bearer ${secret}` }
    const toAdmin = { body: { role: 'admin' } }
    expect((await small('PATCH', `/organizers/${ana}`, toAdmin)).body.code).toBe('organizer.of_admin')
    expect((await small('PATCH', `/organizers/${ana}`, { ...toAdmin, headers: ending })).status).toBe(403)
    expect((await all('PATCH', `/organizers/${ana}`, toAdmin)).body.role).toBe('admin')
    expect((await browser('/v1/keys', { cookie })).status).toBe(200)
    const away = { body: { state: 'suspended', reason: 'left' } }
    expect((await small('PATCH', `/organizers/${ana}`, away)).body.code).toBe('organizer.of_admin')
    expect((await small('PATCH', `/organizers/${ana}`, { body: { name: 'Ana' } })).status).toBe(200)
    expect((await all('PATCH', `/organizers/${ana}`, away)).status).toBe(200)
    expect((await small('PATCH', `/organizers/${ana}`, { body: { state: 'active' } })).status).toBe(403)
  })
})
