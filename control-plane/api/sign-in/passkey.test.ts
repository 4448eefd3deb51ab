import { afterEach, beforeEach, describe, expect, it } from 'vitest'
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
  const asked = await api.call('/sign-in', { form: { email: 'ann@example.com' } })
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

async function added() {
  const cookie = await signedIn()
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
    const { device, both, ceremony } = await added()
    expect((await post('add', both, { response: device.create(ceremony) })).status).toBe(401)
  })
})
