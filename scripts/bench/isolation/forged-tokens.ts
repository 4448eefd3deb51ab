import { mintControlKey } from '#control-plane/core/control-key/mint-key.ts'
import { addMember } from '#control-plane/core/person/invite-person.ts'
import { BENCH_ORIGIN, type BenchPlane, openBenchPlane } from './bench-plane.ts'

const EMAIL = 'vendor@example.com'
const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'

type Real = { readonly key: string; readonly session: string; readonly link: string; readonly browser: string }

/** Keys, sessions and mailed links that nobody was given: wholly made up, one letter from a real one, its hash, cut, or longer. */
export async function tryForgedTokens(count: number): Promise<{ readonly tried: number; readonly accepted: number }> {
  const plane = openBenchPlane()
  try {
    const real = await realTokens(plane)
    let accepted = 0
    for (let at = 0; at < count; at += 1) {
      const asked = [forgedKey, forgedSession, forgedLink][at % 3] ?? forgedKey
      const { status } = await asked(plane, real, Math.trunc(at / 3))
      if (status !== 401) accepted += 1
    }
    const { status } = await plane.request('/v1/me', { headers: { authorization: `Bearer ${real.key}` } })
    if (status !== 200) throw new Error('the real key was refused as well')
    return { tried: count, accepted }
  } finally {
    await plane.close()
  }
}

const forgedKey = (plane: BenchPlane, { key }: Real, at: number) =>
  plane.request('/v1/me', { headers: { authorization: `Bearer ${key.slice(0, 4)}${forge(plane, key.slice(4), at)}` } })

const forgedSession = (plane: BenchPlane, { session }: Real, at: number) =>
  plane.request('/v1/me', { headers: { cookie: `convoke-session=${forge(plane, session, at)}.x` } })

/** By the browser that asked, each from another address, so that no limit comes before the token. */
const forgedLink = (plane: BenchPlane, { link, browser }: Real, at: number) =>
  plane.request('/sign-in/link', {
    method: 'POST',
    headers: {
      origin: BENCH_ORIGIN,
      cookie: browser,
      'content-type': 'application/x-www-form-urlencoded',
      'x-bench-address': `bench-${at}`,
    },
    body: new URLSearchParams({ token: forge(plane, link, at) }).toString(),
  })

function forge(plane: BenchPlane, token: string, at: number): string {
  const place = at % token.length
  const letter = LETTERS[(LETTERS.indexOf(token[place] ?? '') + 1 + (at % 50)) % LETTERS.length] ?? 'a'
  switch (at % 5) {
    case 0:
      return Array.from({ length: token.length }, (_, each) => LETTERS[(at * 31 + each * 7) % 52]).join('')
    case 1:
      return token.slice(0, place) + (letter === token[place] ? '0' : letter) + token.slice(place + 1)
    case 2:
      return plane.ctx.sha256(`${token}${at}`).slice(0, token.length)
    case 3:
      return token.slice(0, -1 - (at % (token.length - 1)))
    default:
      return `${token}${letter}`
  }
}

async function realTokens(plane: BenchPlane): Promise<Real> {
  const { ctx } = plane
  const organization = { kind: 'vendor' } as const
  await addMember(ctx, { organization, email: EMAIL, name: 'Vendor', role: 'vendor_admin' })
  const { secret } = await mintControlKey(ctx, { organization, role: 'vendor_admin', label: 'b', by: 'vendor_admin' })
  const first = await asked(plane)
  const redeemed = await plane.request('/sign-in/link', {
    method: 'POST',
    headers: { origin: BENCH_ORIGIN, cookie: first.browser, 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ token: first.link }).toString(),
  })
  const session = /convoke-session=([A-Za-z0-9]{32})/.exec(redeemed.headers.getSetCookie().join())?.[1]
  if (session === undefined) throw new Error('the real link did not sign in')
  return { key: secret, session, ...(await asked(plane)) }
}

async function asked(plane: BenchPlane): Promise<{ readonly link: string; readonly browser: string }> {
  const answer = await plane.request('/sign-in', {
    method: 'POST',
    headers: { origin: BENCH_ORIGIN, 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ email: EMAIL }).toString(),
  })
  const { mails } = await plane.outbox.list({ limit: 1 })
  const raw = Buffer.from(await plane.outbox.raw(mails[0]?.mailerMessageId ?? '')).toString('latin1')
  const link = /\/sign-in\/link\/([A-Za-z]{32})/.exec(raw.replaceAll('=\r\n', ''))?.[1]
  const browser = answer.headers.getSetCookie()[0]?.split(';')[0]
  if (link === undefined || browser === undefined) throw new Error('no link was mailed')
  return { link, browser }
}
