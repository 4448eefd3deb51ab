import { createPublicKey, generateKeyPairSync, verify } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { writeLicenceFile } from '#control-plane/provisioning/follow-licence.ts'
import { LICENCE_CONTEXT } from '#shared/licence/signing-context.ts'
import { openSigningKey } from '#shared/licence/signing-key.ts'
import { type ControlApiInMemory, controlApiInMemory } from '#test/harness/control/control-api.ts'

const pem = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()

let api: ControlApiInMemory
let acme: Awaited<ReturnType<ControlApiInMemory['licensee']>>
let owner = ''
let vendor = ''
let licenceId = ''
let tenantId = ''
beforeEach(async () => {
  api = await controlApiInMemory()
  acme = await api.licensee('Acme')
  owner = await api.key(acme, 'owner')
  vendor = await api.key({ kind: 'vendor' }, 'vendor_admin')
  const { body } = await api.call('/v1/tenants', { key: owner, body: { domain_name: 'invites.example.com' } })
  licenceId = String(body.licence_id)
  tenantId = String(body.id)
})
afterEach(() => api.close())

const act = (key: string, name: string, body?: unknown) =>
  api.call(`/v1/licences/${licenceId}/${name}`, { key, method: 'POST', ...(body === undefined ? {} : { body }) })

describe('licences', () => {
  it('200: a complimentary licence is the vendor’s to give, and lists by its end', async () => {
    expect((await act(owner, 'complimentary', { reason: 'partner' })).status).toBe(403)
    const granted = await act(vendor, 'complimentary', { reason: 'partner', ends_at: '2027-03-02T00:00:00Z' })
    expect(granted).toMatchObject({ status: 200, body: { state: 'active', billing: 'complimentary' } })
    expect((await api.call('/v1/licences', { key: vendor })).body.data).toMatchObject([{ id: licenceId }])
    expect((await api.call('/v1/licences', { key: owner })).body.data).toMatchObject([{ id: licenceId }])
    expect((await act(vendor, 'complimentary', {})).status).toBe(422)
  })

  it('409: the licence file before the engine has signed one: the API has no key to', async () => {
    const answer = await api.call(`/v1/licences/${licenceId}/file`, { key: owner })
    expect(answer).toMatchObject({ status: 409, body: { code: 'licence.file_not_signed' } })
  })

  it('200: the licence file that the engine has signed, the same at every reading', async () => {
    await act(vendor, 'complimentary', { reason: 'partner' })
    const licenceSigner = openSigningKey(pem).licenceSigner
    await writeLicenceFile({ ...(await api.engine()), licenceSigner }, { tenantId })
    const { body } = await api.call(`/v1/licences/${licenceId}/file`, { key: owner })
    expect((await api.call(`/v1/licences/${licenceId}/file`, { key: owner })).body).toEqual(body)
    const payload = Buffer.from(String(body.payload), 'base64url')
    const octets = Buffer.from(LICENCE_CONTEXT + payload.toString())
    expect(verify(null, octets, createPublicKey(pem), Buffer.from(String(body.signature), 'base64url'))).toBe(true)
    expect(JSON.parse(payload.toString())).toMatchObject({
      licenceId,
      state: 'active',
      domainName: 'invites.example.com',
    })
  })

  it('200: an abuse hold and its end, with a reason', async () => {
    await act(vendor, 'complimentary', { reason: 'partner' })
    expect((await act(owner, 'hold', { reason: 'x' })).status).toBe(403)
    expect((await act(vendor, 'hold', { reason: 'spam' })).body).toMatchObject({ is_abuse_held: true })
    expect((await act(vendor, 'lift-hold', { reason: 'mended' })).body).toMatchObject({ is_abuse_held: false })
    const audit = await api.call('/v1/audit', { key: owner })
    expect(audit.text).toContain('spam')
  })

  it('201: checkout for who pays, one page at a time; 403: for who does not', async () => {
    const [first, second] = [await act(owner, 'checkout'), await act(await api.key(acme, 'billing'), 'checkout')]
    expect([first.status, first.body.url]).toEqual([201, expect.stringMatching(/^http:\/\/127\.0\.0\.1/)])
    expect(second.body).toEqual(first.body)
    for (const role of ['admin', 'viewer'] as const)
      expect((await act(await api.key(acme, role), 'checkout')).status).toBe(403)
  })

  it('200 and 201: invoiced by the vendor, invoices listed, portal opened; 409 before anything was bought', async () => {
    const portal = (key: string) => api.call(`/v1/licensees/${acme.licenseeId}/portal`, { key, method: 'POST' })
    const invoices = () => api.call(`/v1/licensees/${acme.licenseeId}/invoices`, { key: owner })
    expect((await portal(owner)).body).toMatchObject({ status: 409, code: 'billing.no_customer' })
    expect((await invoices()).body.data).toEqual([])
    expect((await act(vendor, 'invoice', { po_number: 'PO-7' })).status).toBe(200)
    expect((await invoices()).body.data).toMatchObject([{ total: 99_500, currency: 'usd', status: 'open' }])
    expect((await portal(owner)).status).toBe(201)
  })

  it('409: what a draft cannot: cancelled, taken back, refunded', async () => {
    for (const [name, body] of [['cancel'], ['undo-cancel'], ['refund', { reason: 'no use' }]] as const)
      expect((await act(owner, name, body)).status).toBe(409)
  })

  it('404: another licensee’s licence answers as none does', async () => {
    const bolt = await api.key(await api.licensee('Bolt'), 'owner')
    const ask = async (which: string, rest: string) => {
      const method = rest === '' || rest === '/file' ? 'GET' : 'POST'
      const answer = await api.call(`/v1/licences/${which}${rest}`, { key: bolt, method })
      return [answer.status, { ...answer.body, request_id: '' }]
    }
    for (const rest of ['', '/file', '/checkout', '/cancel', '/undo-cancel']) {
      expect(await ask(licenceId, rest)).toEqual(await ask('lic_none', rest))
      expect((await ask(licenceId, rest))[0]).toBe(404)
    }
  })
})

describe('webhooks', () => {
  it('200: what Stripe signs is taken into the ledger and queued', async () => {
    await act(owner, 'checkout')
    await act(vendor, 'invoice', {})
    api.plane.platform.clock.advance(60)
    await api.stripe.tick()
    expect((await api.plane.takeAll('stripe-event')).length).toBeGreaterThan(0)
  })
})
