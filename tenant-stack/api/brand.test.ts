import PostalMime from 'postal-mime'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { apiCaller } from '#test/harness/tenant/api-caller.ts'
import { ana, bob, invited } from '#test/harness/tenant/invited.ts'
import { createTestTenant, type TestTenant } from '#test/harness/tenant/test-tenant.ts'

let tenant: TestTenant
beforeEach(async () => {
  tenant = await createTestTenant()
})
afterEach(() => tenant.close())

const own = {
  product_name: 'Example <Events>',
  logo_url: 'https://www.example.com/logo.png?a=1&b="2"',
  accent_colour: '#0B7A3E',
  footer_text: 'Example Ltd\n1 <b>Street</b>',
  support_address: 'help@example.com',
  reply_words: 'Paula reads what you answer.',
}

describe('GET and PUT /brand', () => {
  it('200: as shipped until something is said, then as it was said, with an ETag', async () => {
    const call = await apiCaller(tenant.ctx)
    const first = await call('GET', '/brand')
    expect(first.body).toEqual({ accent_colour: '#1d4ed8', accent_text_colour: '#ffffff', version: 0 })
    expect(first.headers.get('etag')).toBe('"0"')
    const put = await call('PUT', '/brand', { body: own, headers: { 'if-match': '"0"' } })
    expect(put).toMatchObject({ status: 200, body: { product_name: own.product_name, version: 1 } })
    expect(put.headers.get('etag')).toBe('"1"')
    expect((await call('GET', '/brand')).body).toEqual(put.body)
    expect((await call('PUT', '/brand', { body: {} })).body).toEqual({ ...first.body, version: 2 })
  })

  it('200 again: the same words make no new version', async () => {
    const call = await apiCaller(tenant.ctx)
    await call('PUT', '/brand', { body: own })
    expect((await call('PUT', '/brand', { body: own })).body).toMatchObject({ version: 1 })
  })

  it('412: of two who read the same version one is told', async () => {
    const call = await apiCaller(tenant.ctx)
    const both = ['One', 'Two'].map((name) =>
      call('PUT', '/brand', { body: { product_name: name }, headers: { 'if-match': '"0"' } }),
    )
    const answers = await Promise.all(both)
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 412])
    expect(answers.find(({ status }) => status === 412)?.body).toMatchObject({ code: 'brand.changed_meanwhile' })
  })

  it('403: each way by its own scope', async () => {
    const reads = await apiCaller(tenant.ctx, ['templates:read'])
    const writes = await apiCaller(tenant.ctx, ['templates:write'])
    expect((await reads('PUT', '/brand', { body: {} })).status).toBe(403)
    expect((await writes('GET', '/brand')).status).toBe(403)
  })

  it.each([
    { logo_url: 'http://www.example.com/logo.png' },
    { logo_url: 'javascript:alert(1)' },
    { accent_colour: 'red' },
    { accent_colour: '#ffff00' },
    { product_name: 'a\r\nBcc: eve@example.org' },
    { footer_text: 'a\u0000b' },
    { support_address: 'nobody' },
    { colour: '#000000' },
  ])('422: %j', async (body) => {
    const call = await apiCaller(tenant.ctx)
    expect((await call('PUT', '/brand', { body })).status).toBe(422)
    expect((await call('GET', '/brand')).body).toMatchObject({ version: 0 })
  })
})

describe('mails in a brand', () => {
  it('carry name, logo, colour and footer, and none of it as markup', async () => {
    await (await apiCaller(tenant.ctx))('PUT', '/brand', { body: own })
    const { mailsTo } = await invited(tenant)
    const [invite] = await mailsTo(bob)
    const [notice] = await mailsTo(ana)
    for (const mail of [invite, notice]) {
      expect(mail?.html).toContain('1 &lt;b&gt;Street&lt;/b&gt;')
      expect(mail?.html).toContain('src="https://www.example.com/logo.png?a=1&amp;b=&quot;2&quot;"')
      expect(mail?.html).toContain('background:#0b7a3e;color:#ffffff')
      expect(mail?.html).toContain('prefers-color-scheme: dark')
      expect(mail?.text).toContain('1 <b>Street</b>')
    }
    expect(notice?.from?.name).toBe('Example <Events>')
    expect(notice?.text).toContain('Paula reads what you answer.\nHelp: help@example.com')
    expect(invite?.text).toContain('by Example <Events>.')
    expect(invite?.text).not.toContain('Paula')
  })

  it('follow the brand of now, also for a revision that was compiled before', async () => {
    const { eventId } = await invited(tenant)
    const call = await apiCaller(tenant.ctx)
    await call('PUT', '/brand', { body: { footer_text: 'New address' } })
    await call('POST', `/events/${eventId}/invitations`, { body: { email: 'carol@example.org' } })
    await tenant.drain()
    const sent = (await tenant.sent()).find(({ to }) => to === 'carol@example.org')
    expect((await PostalMime.parse(sent?.raw ?? '')).html).toContain('New address')
  })

  it('load nothing from anywhere where the tenant has no logo', async () => {
    const { mailsTo } = await invited(tenant)
    for (const mail of [...(await mailsTo(bob)), ...(await mailsTo(ana))])
      expect(mail.html).not.toMatch(/<img|<link|@import|url\(/i)
  })
})
