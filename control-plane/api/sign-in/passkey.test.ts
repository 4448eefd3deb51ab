import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import * as z from 'zod'
import { createAuthenticator } from '#test/harness/control/authenticator.ts'
import {
  type Answer,
  type ControlApiInMemory,
  controlApiInMemory,
  OWN_ORIGIN,
} from '#test/harness/control/control-api.ts'

let api: ControlApiInMemory
beforeEach(async () => {
  api = await controlApiInMemory()
})
afterEach(() => api.close())

const rpId = 'localhost'
type Ceremony = Awaited<ReturnType<typeof useOptions>>['ceremony']

/** One real sign-in by mail, whose cookie better-auth has signed. */
async function signedIn() {
  await api.person({ kind: 'vendor' }, 'vendor_admin', 'ann@example.com')
  return signedInAs('ann@example.com')
}

async function signedInAs(email: string) {
  const asked = await api.call('/sign-in', { form: { email } })
  const { outbox } = api.plane.platform
  const [mail] = (await outbox.list({ limit: 1 })).mails
  const raw = Buffer.from(await outbox.raw(mail?.mailerMessageId ?? ''))
    .toString('latin1')
    .replaceAll('=\r\n', '')
  const token = /\/sign-in\/link\/([A-Za-z]{32})/.exec(raw)?.[1] ?? ''
  return jar(await api.call('/sign-in/link', { form: { token }, cookie: jar(asked) }))
}

function jar(...answers: readonly Answer[]): string {
  return answers.flatMap(({ headers }) => headers.getSetCookie().map((line) => line.split(';')[0])).join('; ')
}

const post = (path: string, cookie: string, body: unknown = {}) =>
  api.call(`/sign-in/passkey/${path}`, { cookie, body })

async function added(by?: string) {
  const cookie = by ?? (await signedIn())
  const device = createAuthenticator()
  const options = await post('add-options', cookie)
  const ceremony = { challenge: String(options.body.challenge), origin: OWN_ORIGIN, rpId }
  const both = `${cookie}; ${jar(options)}`
  return { device, both, answer: await post('add', both, { response: device.create(ceremony) }), ceremony }
}

async function useOptions() {
  const options = await post('use-options', '')
  return { cookie: jar(options), ceremony: { challenge: String(options.body.challenge), origin: OWN_ORIGIN, rpId } }
}

describe('passkeys', () => {
  it('adds one to who is signed in, and signs in with it; the answer holds no token', async () => {
    const { device, answer } = await added()
    expect([answer.status, answer.body]).toEqual([200, { done: true }])
    const { cookie, ceremony } = await useOptions()
    const used = await post('use', cookie, { response: device.get(ceremony) })
    expect([used.status, used.body]).toEqual([200, { done: true }])
    const me = await api.call('/v1/me', { cookie: jar(used) })
    expect(me.body).toMatchObject({ email: 'ann@example.com', role: 'vendor_admin' })
  })

  it('uses a challenge up, whatever became of it', async () => {
    const { device } = await added()
    const { cookie, ceremony } = await useOptions()
    const wrong = await post('use', cookie, {
      response: device.get({ ...ceremony, origin: 'https://evil.example.com' }),
    })
    expect([wrong.status, wrong.body.code]).toEqual([401, 'api.unauthorized'])
    expect((await post('use', cookie, { response: device.get(ceremony) })).status).toBe(401)
    const again = await useOptions()
    expect((await post('use', again.cookie, { response: device.get(again.ceremony) })).status).toBe(200)
    expect((await post('use', again.cookie, { response: device.get(again.ceremony) })).status).toBe(401)
  })

  it('refuses another device, another site, an old challenge, and a copy whose counter stands still', async () => {
    const { device } = await added()
    const attempts = [
      (ceremony: Ceremony) => createAuthenticator().get(ceremony),
      (ceremony: Ceremony) => device.get({ ...ceremony, rpId: 'example.com' }),
      (ceremony: Ceremony) => device.get({ ...ceremony, challenge: 'b2xk' }),
      (ceremony: Ceremony) => device.get(ceremony, { isTouchedOnly: true }),
    ]
    for (const attempt of attempts) {
      const { cookie, ceremony } = await useOptions()
      expect((await post('use', cookie, { response: attempt(ceremony) })).status).toBe(401)
    }
    const fresh = await useOptions()
    expect((await post('use', fresh.cookie, { response: device.get(fresh.ceremony) })).status).toBe(200)
    const copied = await useOptions()
    expect((await post('use', copied.cookie, { response: device.get(copied.ceremony, { isCopy: true }) })).status).toBe(
      401,
    )
  })

  it('adds none for who is not signed in, and none twice', async () => {
    expect((await post('add-options', '')).status).toBe(401)
    await api.person(await api.licensee('Acme'), 'owner', 'bob@example.com')
    const { device, both, ceremony } = await added(await signedInAs('bob@example.com'))
    expect((await post('add', both, { response: device.create(ceremony) })).status).toBe(401)
  })
})

describe('the vendor’s people', () => {
  const add = async (cookie: string) => {
    const device = createAuthenticator()
    const options = await post('add-options', cookie)
    if (options.status !== 200) return { device, status: options.status, body: options.body }
    const ceremony = { challenge: String(options.body.challenge), origin: OWN_ORIGIN, rpId }
    const { status, body } = await post('add', `${cookie}; ${jar(options)}`, { response: device.create(ceremony) })
    return { device, status, body }
  }
  const useOf = async (device: ReturnType<typeof createAuthenticator>) => {
    const { cookie, ceremony } = await useOptions()
    return jar(await post('use', cookie, { response: device.get(ceremony) }))
  }

  it('403: do nothing by a mailed link but add a first passkey, and nothing at all once they have one', async () => {
    const cookie = await signedIn()
    const me = await api.call('/v1/me', { cookie })
    expect(me).toMatchObject({ status: 403, body: { code: 'api.passkey_required' } })
    expect(me.body.detail).toContain(`${OWN_ORIGIN}/signed-in`)
    expect((await api.call('/licences', { cookie })).headers.get('location')).toBe('/signed-in')
    expect((await api.call('/signed-in', { cookie })).text).toContain('data-passkey-first')
    const { device, status } = await add(cookie)
    expect(status).toBe(200)
    expect((await api.call('/v1/me', { cookie })).status).toBe(403)
    expect((await api.call('/signed-in', { cookie })).text).toContain('Sign in with your passkey')
    expect((await add(cookie)).body).toMatchObject({ code: 'api.passkey_required' })
    const strong = await useOf(device)
    expect((await api.call('/v1/me', { cookie: strong })).status).toBe(200)
    expect((await add(strong)).status).toBe(200)
  })

  it('of a licensee a mailed link is enough, and on a machine that sets it also of the vendor', async () => {
    const acme = await api.licensee('Acme')
    await api.person(acme, 'owner', 'bob@example.com')
    const cookie = await signedInAs('bob@example.com')
    expect((await api.call('/v1/me', { cookie })).body).toMatchObject({ role: 'owner' })
    expect((await add(cookie)).status).toBe(200)
    await api.close()
    api = await controlApiInMemory({ vendorSignsInBy: 'passkey_or_link' })
    expect((await api.call('/v1/me', { cookie: await signedIn() })).status).toBe(200)
  })

  it('409: do not remove their last passkey, nor two at once; a fresh session removes another and tells by mail', async () => {
    const { device } = await add(await signedIn())
    const cookie = await useOf(device)
    const remove = (id: unknown) => api.call(`/v1/passkeys/${id}`, { method: 'DELETE', cookie })
    const ids = async () => {
      const { data } = (await api.call('/v1/passkeys', { cookie })).body
      return z.array(z.object({ id: z.string(), last_used_at: z.string().optional() })).parse(data)
    }
    const [first] = await ids()
    expect(first?.last_used_at).toBeDefined()
    expect(await remove(first?.id)).toMatchObject({ status: 409, body: { code: 'passkey.last_one' } })
    await add(cookie)
    await add(cookie)
    const [, ...more] = await ids()
    await Promise.all([first, ...more].map((one) => remove(one?.id)))
    expect((await ids()).length).toBeGreaterThanOrEqual(1)
    expect(await mailSubjects()).toEqual(
      expect.arrayContaining(['New passkey for Convoke', 'Passkey removed at Convoke']),
    )
  })

  it('403: a session of more than ten minutes renames and removes none; then signs in again', async () => {
    const { device } = await add(await signedIn())
    const cookie = await useOf(device)
    const { data } = (await api.call('/v1/passkeys', { cookie })).body
    const [{ id }] = z.tuple([z.object({ id: z.string() })]).parse(data)
    const rename = (by: string, name: string) =>
      api.call(`/v1/passkeys/${id}`, { method: 'PATCH', cookie: by, body: { name } })
    expect((await rename(cookie, 'Desk')).body).toMatchObject({ name: 'Desk' })
    api.plane.platform.clock.advance(601)
    expect(await rename(cookie, 'Sofa')).toMatchObject({ status: 403, body: { code: 'session.not_fresh' } })
    const stale = await api.call('/passkeys', { cookie })
    expect(stale.text).toContain('show again that it is you')
    expect(stale.text).not.toContain('<form')
    expect((await api.call(`/passkeys/${id}/remove`, { method: 'POST', cookie })).status).toBe(403)
    const again = await useOf(device)
    const press = { cookie: again, form: { name: 'Sofa' } }
    expect((await api.call(`/passkeys/${id}/rename`, press)).headers.get('location')).toBe('/passkeys')
    expect((await api.call('/passkeys', { cookie: again })).text).toContain('<h2>Sofa</h2>')
  })

  it('204: another admin, or the vendor’s key, resets who lost his; 409: he himself', async () => {
    const { device } = await add(await signedIn())
    const cookie = await useOf(device)
    const { id } = (await api.call('/v1/me', { cookie })).body
    const other = await api.person({ kind: 'vendor' }, 'vendor_admin')
    const support = await api.person({ kind: 'vendor' }, 'vendor_support')
    const reset = (by: { readonly cookie?: string; readonly key?: string }) =>
      api.call(`/v1/people/${id}/reset-passkeys`, { ...by, body: { reason: 'known by voice' } })
    expect(await reset({ cookie })).toMatchObject({ status: 409, body: { code: 'passkey.own_reset' } })
    expect((await reset({ cookie: support.cookie })).status).toBe(403)
    expect((await reset({ cookie: other.cookie })).status).toBe(204)
    expect((await api.call('/v1/me', { cookie })).status).toBe(401)
    const { cookie: challenge, ceremony } = await useOptions()
    expect((await post('use', challenge, { response: device.get(ceremony) })).status).toBe(401)
    expect((await add(await signedInAs('ann@example.com'))).status).toBe(200)
    expect((await reset({ key: await api.key({ kind: 'vendor' }, 'vendor_admin') })).status).toBe(204)
    const { text } = await api.call('/v1/audit', { cookie: other.cookie })
    expect(text.match(/"passkeys.reset"/g)).toHaveLength(2)
  })
})

/** What the queue of planned mails says; the harness sends none. */
async function mailSubjects(): Promise<readonly unknown[]> {
  const { store } = api.plane.platform
  const rows = store.read(() => store.prepare("SELECT item FROM rows WHERE pk LIKE '%cml_%'").all())
  return rows.map(({ item }) => z.looseObject({ subject: z.string() }).parse(JSON.parse(String(item))).subject)
}
