import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { licenceKey } from '#control-plane/core/licence/licence-key.ts'
import { getLicence, licenceWrite } from '#control-plane/core/licence/licence-store.ts'
import { type ControlApiInMemory, controlApiInMemory } from '#test/harness/control/control-api.ts'

let api: ControlApiInMemory
let acme: Awaited<ReturnType<ControlApiInMemory['licensee']>>
let owner = ''
let vendor = ''
let licenceId = ''
beforeEach(async () => {
  api = await controlApiInMemory()
  acme = await api.licensee('Acme')
  owner = (await api.person(acme, 'owner')).cookie
  vendor = await api.key({ kind: 'vendor' }, 'vendor_admin')
  const body = { domain_name: 'invites.example.com', licensee_id: acme.licenseeId }
  licenceId = String((await api.call('/v1/tenants', { key: vendor, body })).body.licence_id)
})
afterEach(() => api.close())

const read = (path: string, cookie = owner) => api.call(path, { cookie })
const press = (act: string, cookie = owner, which = licenceId) =>
  api.call(`/licences/${which}/${act}`, { cookie, method: 'POST' })
const grant = () => api.call(`/v1/licences/${licenceId}/complimentary`, { key: vendor, body: { reason: 'partner' } })

/** As Stripe's word leaves a licence that is paid by card. */
async function putLicence(changes: object) {
  const ctx = api.plane.ctxOf()
  const before = await getLicence(ctx, licenceId)
  const stripe = {
    subscriptionId: 'sub_1',
    subscriptionItemId: 'si_1',
    priceId: 'price_1',
    unitAmountCents: 123_400,
    currency: 'eur',
    status: 'active',
    isLivemode: false,
    collectionMethod: 'charge_automatically',
    cancelAtPeriodEnd: false,
    latestInvoice: { invoiceId: 'in_1', status: 'open', hostedUrl: 'https://pay.example.com/in_1', attempts: 1 },
    paymentMethod: { brand: 'visa', last4: '4242', expMonth: 3, expYear: 2030 },
    fetchedAt: 0,
  } as const
  const day = Date.parse('2027-03-02T09:00:00Z')
  const period = { periodStart: day - 365 * 86_400_000, periodEnd: day, paidThrough: day }
  const after = { ...before, state: 'active' as const, ...period, stripe, ...changes, version: before.version + 1 }
  await ctx.table.write(licenceWrite(before, after))
}

describe('licences', () => {
  it('303 to the sign-in for whoever is nobody, whatever he asks', async () => {
    for (const path of ['/licences', `/licences/${licenceId}`, `/licences/${licenceId}/invoices`]) {
      const { status, headers } = await api.call(path)
      expect([status, headers.get('location')]).toEqual([303, `/sign-in?${new URLSearchParams({ to: path })}`])
    }
    const pressed = await api.call(`/licences/${licenceId}/pay`, { method: 'POST' })
    expect([pressed.status, pressed.headers.get('location')]).toEqual([303, '/sign-in?to=%2Flicences'])
  })

  it('200: the list says domain, state in words, and what to do next; empty for another licensee', async () => {
    const { status, text, headers } = await read('/licences')
    expect([status, text]).toEqual([200, expect.stringMatching(/invites\.example\.com[\s\S]*Not paid[\s\S]*Pay, and/)])
    expect(headers.get('content-security-policy')).toContain("default-src 'none'")
    const bolt = await api.person(await api.licensee('Bolt'), 'owner')
    expect((await read('/licences', bolt.cookie)).text).toContain('There is no licence yet')
    const support = await api.person({ kind: 'vendor' }, 'vendor_support')
    expect((await read('/licences', support.cookie)).text).toContain('invites.example.com')
    expect((await read('/licences?after=nonsense')).status).toBeGreaterThanOrEqual(400)
  })

  it('200: one licence before, while and after it is paid', async () => {
    const draft = await read(`/licences/${licenceId}`)
    expect(draft.text).toMatch(/USD 995\.00 a year/)
    expect(draft.text).toContain(`action="/licences/${licenceId}/pay"`)
    expect(draft.text).not.toContain('/cancel"')
    await putLicence({})
    const { text } = await read(`/licences/${licenceId}`)
    for (const said of ['EUR 1234.00', 'visa ending in 4242', '2027-03-02', 'https://pay.example.com/in_1', '/cancel"'])
      expect(text).toContain(said)
    expect(text).not.toContain(`/${licenceId}/pay"`)
    await putLicence({ isCancelScheduled: true })
    const cancelled = await read(`/licences/${licenceId}`)
    expect(cancelled.text).toMatch(/Ends on 2027-03-02[\s\S]*undo-cancel/)
    expect(cancelled.text).not.toContain('/cancel"')
  })

  it('200: a button goes to the payment page without a redirect that answers a form; 403 for who does not pay', async () => {
    const paid = await press('pay')
    expect([paid.status, paid.text]).toEqual([200, expect.stringMatching(/http-equiv="refresh" content="0;url=http:/)])
    const { body } = await api.call(`/v1/licences/${licenceId}/checkout`, { cookie: owner, method: 'POST' })
    expect(paid.text).toContain(String(body.url))
    expect((await press('portal')).text).toContain('http-equiv="refresh"')
    for (const role of ['admin', 'viewer'] as const) {
      const { cookie } = await api.person(acme, role)
      const refused = await press('pay', cookie)
      expect([refused.status, refused.text]).toEqual([403, expect.stringContaining('Your role may not do this.')])
      expect((await read(`/licences/${licenceId}`, cookie)).text).not.toContain('<form method="post"')
    }
  })

  it('403: a form of another page, and whoever looks through another’s eyes, who sees no button', async () => {
    const headers = { origin: 'https://evil.example.com' }
    const forged = await api.call(`/licences/${licenceId}/pay`, { cookie: owner, method: 'POST', headers })
    expect(forged.status).toBe(403)
    const { cookie } = await api.person({ kind: 'vendor' }, 'vendor_admin')
    const look = { licensee_id: acme.licenseeId, reason: 'r', ticket: 't' }
    await api.call('/v1/impersonations', { cookie, body: look })
    expect((await press('pay', cookie)).status).toBe(403)
    const { text } = await read(`/licences/${licenceId}`, cookie)
    expect(text).toContain('can change nothing')
    expect(text).not.toContain('<form method="post"')
  })

  it('409: what this state does not allow, as a sentence with the way back', async () => {
    for (const act of ['cancel', 'undo-cancel', 'portal', 'retry']) {
      const { status, text } = await press(act)
      expect([act, status, text]).toEqual([act, 409, expect.stringMatching(/<p role="alert">[A-Z][^<]+\.<\/p>/)])
      expect(text).toContain(`href="/licences/${licenceId}"`)
    }
    await grant()
    expect((await press('cancel')).status).toBe(409)
  })

  it('500: a bug is a page that tells nothing of itself', async () => {
    const key = licenceKey(acme.licenseeId, licenceId)
    await api.plane.ctxOf().table.write({ kind: 'update', key, set: { state: 'nonsense' }, when: { row: 'present' } })
    const { status, text } = await read(`/licences/${licenceId}`)
    expect([status, text]).toEqual([500, expect.stringContaining('Something went wrong on our side')])
    expect(text).not.toContain('nonsense')
  })

  it('303: looked at now', async () => {
    const { status, headers } = await press('check-now')
    expect([status, headers.get('location')]).toEqual([303, `/licences/${licenceId}`])
  })

  it('404: another licensee’s licence answers byte by byte as none does', async () => {
    const bolt = (await api.person(await api.licensee('Bolt'), 'owner')).cookie
    for (const rest of ['', '/invoices']) {
      const [foreign, none] = [
        await read(`/licences/${licenceId}${rest}`, bolt),
        await read(`/licences/lic_no${rest}`, bolt),
      ]
      expect([foreign.status, foreign.text]).toEqual([404, none.text])
    }
    for (const act of ['pay', 'portal', 'cancel', 'undo-cancel', 'check-now', 'retry']) {
      const [foreign, none] = [await press(act, bolt), await press(act, bolt, 'lic_no')]
      expect([foreign.status, foreign.text]).toEqual([404, none.text])
    }
  })

  it('asks nothing of elsewhere, runs nothing, and does not load again while nothing moves', async () => {
    const { text } = await read(`/licences/${licenceId}`)
    expect(text).not.toMatch(/<script|style=|\bon\w+=|src=|http-equiv="refresh"|https?:\/\//)
    expect((await read('/account-pages/style.css')).headers.get('content-type')).toContain('text/css')
  })

  it('200: no invoice before the first, then each of this licence with its page', async () => {
    expect((await read(`/licences/${licenceId}/invoices`)).text).toContain('There is no invoice yet')
    await api.call(`/v1/licences/${licenceId}/invoice`, { key: vendor, body: {} })
    const { text } = await read(`/licences/${licenceId}/invoices`)
    expect(text).toMatch(/USD 995\.00[\s\S]*open[\s\S]*Pay or read it/)
  })
})
