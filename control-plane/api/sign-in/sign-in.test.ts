import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { acceptInvitation } from '#control-plane/core/person/change-membership.ts'
import { addMember, invitePerson } from '#control-plane/core/person/invite-person.ts'
import { type Answer, type ControlApiInMemory, controlApiInMemory } from '#test/harness/control/control-api.ts'

let api: ControlApiInMemory
beforeEach(async () => {
  api = await controlApiInMemory({ vendorSignsInBy: 'passkey_or_link' })
  await addMember(api.plane.ctxOf(), {
    organization: { kind: 'vendor' },
    email: 'ann@example.com',
    name: 'Ann',
    role: 'vendor_admin',
  })
})
afterEach(() => api.close())

/** `name=value` of the cookies that an answer sets, as a browser sends them back. */
function jar(...answers: readonly Answer[]): string {
  const cookies = answers.flatMap(({ headers }) => headers.getSetCookie()).map((line) => line.split(';')[0] ?? '')
  return cookies.join('; ')
}

const ask = (email: string, ipAddress = '192.0.2.1') => api.call('/sign-in', { form: { email }, ipAddress })
const redeem = (token: string, cookie?: string, ipAddress = '192.0.2.1') =>
  api.call('/sign-in/link', { form: { token }, ipAddress, ...(cookie === undefined ? {} : { cookie }) })

async function mailedTokens(): Promise<readonly string[]> {
  const { outbox } = api.plane.platform
  const { mails } = await outbox.list({ limit: 100 })
  const raws = await Promise.all(mails.map(({ mailerMessageId }) => outbox.raw(mailerMessageId)))
  return raws.flatMap((raw) => {
    const text = Buffer.from(raw).toString('latin1').replaceAll('=\r\n', '')
    return /\/sign-in\/link\/([A-Za-z]{32})/.exec(text)?.[1] ?? []
  })
}

async function askedToken(email = 'ann@example.com') {
  const asked = await ask(email)
  const [token = ''] = await mailedTokens()
  return { token, browser: jar(asked) }
}

describe('sign-in by mailed link', () => {
  it('asks, mails, and lets the button sign in', async () => {
    const { token, browser } = await askedToken()
    const link = await api.call(`/sign-in/link/${token}`, { cookie: browser })
    expect([link.status, link.text]).toEqual([200, expect.stringContaining(`value="${token}"`)])
    const redeemed = await redeem(token, browser)
    expect([redeemed.status, redeemed.headers.get('location')]).toEqual([303, '/signed-in'])
    const me = await api.call('/v1/me', { cookie: jar(redeemed) })
    expect(me.body).toMatchObject({ email: 'ann@example.com', role: 'vendor_admin', is_read_only: false })
    const page = await api.call('/signed-in', { cookie: jar(redeemed) })
    expect(page.text).toContain('ann@example.com')
  })

  it('goes on to the page that was asked for, as the token was asked for with it and nothing in the link says', async () => {
    const form = { email: 'ann@example.com', to: '/licences?limit=2' }
    const asked = await api.call('/sign-in', { form })
    const [token = ''] = await mailedTokens()
    const redeemed = await api.call('/sign-in/link', {
      form: { token, to: 'https://evil.example' },
      cookie: jar(asked),
    })
    expect([redeemed.status, redeemed.headers.get('location')]).toEqual([303, '/licences?limit=2'])
    expect((await api.call('/sign-in?to=%2Flicences%3Flimit%3D2')).text).toContain(
      'data-to="/licences?limit=2">\n<input type="hidden" name="to" value="/licences?limit=2">',
    )
    const again = await api.call('/sign-in', { form: { ...form, email: 'none' } })
    expect(again.text).toContain('name="to" value="/licences?limit=2"')
  })

  it('goes on to no other host, however it is written', async () => {
    for (const to of [
      '//evil.example',
      '/\\evil.example',
      '/%2f%2fevil.example',
      'javascript:alert(1)',
      'https://a@evil.example',
    ]) {
      const asked = await api.call('/sign-in', { form: { email: 'ann@example.com', to } })
      const [token = ''] = await mailedTokens()
      const { headers } = await redeem(token, jar(asked))
      expect(headers.get('location')).toBe('/signed-in')
      expect((await api.call(`/sign-in?${new URLSearchParams({ to })}`)).text).not.toContain('evil')
    }
  })

  it('lets the first of two mails sign in as well', async () => {
    const first = await askedToken()
    const again = await api.call('/sign-in', { form: { email: 'ann@example.com' }, cookie: first.browser })
    expect((await redeem(first.token, jar(again))).status).toBe(303)
  })

  it('answers alike for known and unknown addresses, takes the same time, and mails only the known one', async () => {
    const known = await ask('ann@example.com')
    const unknown = await ask('nobody@example.com')
    expect([known.status, known.text]).toEqual([unknown.status, unknown.text])
    expect(api.pauses).toEqual([1000, 1000])
    expect((await api.plane.platform.outbox.list({ limit: 10 })).mails.map(({ envelopeTo }) => envelopeTo)).toEqual([
      'ann@example.com',
    ])
  })

  it('does not redeem on GET, however often it is followed', async () => {
    const { token, browser } = await askedToken()
    for (let follow = 0; follow < 10; follow += 1)
      expect((await api.call(`/sign-in/link/${token}`, { cookie: browser })).headers.getSetCookie()).toEqual([])
    expect((await redeem(token, browser)).status).toBe(303)
  })

  it('lets one of many simultaneous redeemers in', async () => {
    const { token, browser } = await askedToken()
    const answers = await Promise.all(Array.from({ length: 5 }, () => redeem(token, browser)))
    expect(answers.filter(({ status }) => status === 303)).toHaveLength(1)
    expect((await redeem(token, browser)).status).toBe(401)
  })

  it('refuses a link after ten minutes', async () => {
    const { token, browser } = await askedToken()
    api.plane.platform.clock.advance(599)
    expect((await api.call(`/sign-in/link/${token}`)).status).toBe(200)
    api.plane.platform.clock.advance(2)
    expect((await redeem(token, browser)).status).toBe(401)
  })

  it('refuses another browser, and gives the link up after five tries', async () => {
    const { token, browser } = await askedToken()
    for (let tries = 0; tries < 4; tries += 1) {
      const refused = await redeem(token, 'convoke-asked=another')
      expect([refused.status, refused.text]).toEqual([401, expect.stringContaining('in the browser')])
    }
    expect((await redeem(token, browser)).status).toBe(303)
    const second = await askedToken()
    for (let tries = 0; tries < 5; tries += 1) await redeem(second.token)
    expect((await redeem(second.token, second.browser)).status).toBe(401)
  })

  it('keeps neither link, browser nor session token in the table, only hashes', async () => {
    const { token, browser } = await askedToken()
    const asked = allRows()
    const redeemed = await redeem(token, browser)
    const session = /convoke-session=([A-Za-z0-9]{32})/.exec(jar(redeemed))?.[1] ?? 'no session'
    const rows = asked + allRows()
    expect(rows).toContain('session#')
    for (const secret of [token, browser.split('=')[1] ?? 'no browser', session]) expect(rows).not.toContain(secret)
  })

  it('ends a session at once when it is revoked, and by itself after twelve hours', async () => {
    const { token, browser } = await askedToken()
    const cookie = jar(await redeem(token, browser))
    const { body } = await api.call('/v1/sessions', { cookie })
    expect(body.data).toMatchObject([{ is_current: true, ip_address: '192.0.2.1' }])
    expect((await api.call('/sign-out', { method: 'POST', cookie })).status).toBe(303)
    expect((await api.call('/v1/me', { cookie })).status).toBe(401)
    const again = await askedToken()
    const later = jar(await redeem(again.token, again.browser))
    api.plane.platform.clock.advance(12 * 3600 + 1)
    expect((await api.call('/v1/me', { cookie: later })).status).toBe(401)
  })

  it('limits mails to one address and asks from one caller', async () => {
    for (let times = 0; times < 5; times += 1)
      expect((await ask('ann@example.com', `192.0.2.${times}`)).status).toBe(200)
    const refused = await ask('ANN@example.com', '192.0.2.99')
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '900'])
    for (let times = 0; times < 50; times += 1) await ask(`person-${times}@example.com`, '198.51.100.1')
    expect((await ask('last@example.com', '198.51.100.1')).status).toBe(429)
  })

  it('counts an IPv6 caller by his /64, and an IPv4 one however the socket writes him', async () => {
    for (let times = 0; times < 50; times += 1) await ask(`person-${times}@example.com`, `2001:db8:1:2::${times}`)
    expect((await ask('last@example.com', '2001:db8:1:2:ffff::1')).status).toBe(429)
    expect((await ask('last@example.com', '2001:db8:1:3::1')).status).toBe(200)
    for (let times = 0; times < 50; times += 1) await ask(`other-${times}@example.com`, '::ffff:198.51.100.1')
    expect((await ask('last@example.com', '198.51.100.1')).status).toBe(429)
  })

  it('takes no form from a page that is not ours', async () => {
    const { token, browser } = await askedToken()
    for (const origin of ['https://evil.example.com', 'null'])
      expect((await api.call('/sign-in/link', { form: { token }, cookie: browser, headers: { origin } })).status).toBe(
        403,
      )
    expect((await redeem(token, browser)).status).toBe(303)
  })

  it('says what is wrong with an address that is none', async () => {
    const { status, text } = await ask('not an address')
    expect([status, text]).toEqual([422, expect.stringContaining('role="alert"')])
  })

  it('sets `__Host-` cookies over TLS', async () => {
    const secure = await controlApiInMemory({ publicUrl: 'https://control.example.com' })
    const { headers } = await secure.call('/sign-in', { form: { email: 'ann@example.com' } })
    expect(headers.getSetCookie()[0]).toMatch(
      /^__Host-convoke-asked=\w+; Max-Age=600; Path=\/; HttpOnly; Secure; SameSite=Strict$/,
    )
    await secure.close()
  })

  it('shows an invitation to whoever signed in, and one press accepts it', async () => {
    const acme = await api.licensee('Acme')
    const { personId } = await invitePerson(api.plane.ctxOf(), {
      organization: acme,
      email: 'bob@example.com',
      name: 'Bob',
      role: 'owner',
    })
    const { token, browser } = await askedToken('bob@example.com')
    const cookie = jar(await redeem(token, browser))
    expect((await api.call('/v1/me', { cookie })).status).toBe(401)
    expect((await api.call('/signed-in', { cookie })).text).toContain('Accept the invitation')
    const accept = { form: { organization: acme.licenseeId }, cookie }
    expect((await api.call('/signed-in/accept', accept)).status).toBe(303)
    expect((await api.call('/v1/me', { cookie })).body).toMatchObject({ role: 'owner', licensee_id: acme.licenseeId })
    await acceptInvitation(api.plane.ctxOf(), { organization: acme, personId })
    const refused = await api.call('/signed-in/act-for', { form: { organization: 'lcs_nobody' }, cookie })
    expect([refused.status, refused.text]).toEqual([409, expect.stringContaining('no such organization')])
    expect((await api.call('/signed-in/act-for', { form: { nonsense: 'x' }, cookie })).status).toBe(422)
  })
})

/** Every row as it lies in the database. */
function allRows(): string {
  const { store } = api.plane.platform
  return JSON.stringify(store.read(() => store.prepare('SELECT pk, sk, item FROM rows').all()))
}
