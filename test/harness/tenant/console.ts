import { createFront } from '#tenant-stack/handlers/front-app.ts'
import type { TestTenant } from './test-tenant.ts'

const HOST = 'app.events.example.net'

type Init = {
  readonly method?: string
  readonly cookie?: string | undefined
  readonly origin?: string | null
  readonly form?: Record<string, string>
  readonly json?: unknown
  readonly headers?: Record<string, string>
  readonly host?: string
}

/** Asks the front of a tenant, as a browser on its console's host does. */
export function browserOf(tenant: TestTenant) {
  const front = createFront(tenant.ctx)
  return async (path: string, init: Init = {}): Promise<Response> => {
    const { method = init.form === undefined ? 'GET' : 'POST', cookie, origin, form, json, headers, host = HOST } = init
    const own = method === 'GET' ? undefined : `https://${HOST}`
    const from = origin === undefined ? own : (origin ?? undefined)
    return front.request(`https://${host}${path}`, {
      method,
      headers: {
        host,
        ...(cookie === undefined ? {} : { cookie }),
        ...(from === undefined ? {} : { origin: from }),
        ...(form === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
        ...(json === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(form === undefined ? {} : { body: new URLSearchParams(form).toString() }),
      ...(json === undefined ? {} : { body: JSON.stringify(json) }),
    })
  }
}

/** The path of the newest link that was mailed to an address. */
export async function mailedLink(tenant: TestTenant, address: string): Promise<string | undefined> {
  const mails = (await tenant.sent()).filter(({ to }) => to === address)
  const texts = mails.map(({ raw }) => raw.toString('latin1').replaceAll('=\r\n', ''))
  return texts.flatMap((text) => [...text.matchAll(/\/sign-in\/[0-9a-z]{26}/g)].map(([path]) => path)).at(-1)
}

/** Signs somebody in by the link that he is mailed; answers his cookie. */
export async function signIn(tenant: TestTenant, address: string): Promise<string> {
  const browser = browserOf(tenant)
  await browser('/sign-in', { form: { email: address } })
  await tenant.drain()
  const link = await mailedLink(tenant, address)
  if (link === undefined) throw new Error(`no link was mailed to ${address}`)
  const cookie = (await browser(link, { form: {} })).headers.getSetCookie()[0]?.split(';')[0]
  if (cookie === undefined) throw new Error('the link did not sign in')
  return cookie
}
