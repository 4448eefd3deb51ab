import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createStamper, stampedAt, until } from '#test/harness/product/stamped.ts'
import { startProduct, type TestProduct } from '#test/harness/product/start-product.ts'

const sample = await readFile(new URL('../../samples/google-single-timed.eml', import.meta.url), 'utf8')
const north = { stackName: 'convoke-north', tenantId: `ten_${'a'.repeat(26)}`, domainName: 'events.north.example' }
const south = { stackName: 'convoke-south', tenantId: `ten_${'b'.repeat(26)}`, domainName: 'events.south.example' }

let product: TestProduct
let stamper: ReturnType<typeof createStamper>
beforeAll(async () => {
  product = await startProduct()
  stamper = createStamper(product.dataFolder)
  await stamper.licence(north)
  await stamper.wantStack(north)
  await stamper.wantStack({ ...south, licenceKeys: {} })
  await stamper.present(north.stackName, ({ status }) => status === 'open')
  await stamper.present(south.stackName, ({ status }) => status === 'open')
})
afterAll(async () => product[Symbol.asyncDispose]())

const toBoth = { raw: sample, to: [`create@${north.domainName}`, `create@${south.domainName}`] }

describe('tenants that are stamped on one machine', () => {
  it('are told to be open, with the outputs of the template', async () => {
    const { baseUrl } = await product.running()
    const present = await stamper.present(north.stackName, () => true)
    expect(present).toMatchObject({
      status: 'open',
      tenantId: north.tenantId,
      outputs: { ApiUrl: `${baseUrl}/t/${north.tenantId}/v1`, TemplateVersion: '1.0.0' },
    })
  })

  it('each get their own mail, of one that was for both; then invite by their own API', async () => {
    expect(await product.sendMail(toBoth)).toMatch(/^250 .*accepted as mail_\w+, mail_\w+$/)
    const stamped = stampedAt(product, north.tenantId)
    const created = await stamped.waitForOutbox(({ kind }) => kind === 'Created')
    expect(created.raw).toContain(`<create@${north.domainName}>`)
    expect(created.raw).not.toContain(south.domainName)
    await stampedAt(product, south.tenantId).waitForOutbox(({ kind }) => kind === 'Created')
    expect(await product.outbox()).toEqual([])

    const eventId = /evt_\w+/.exec(created.raw)?.[0] ?? ''
    const invited = await stamped.api(`/events/${eventId}/invitations`, {
      method: 'POST',
      body: JSON.stringify({ email: 'bob@example.org', name: 'Bob' }),
    })
    expect(invited.status).toBe(202)
    const invite = await stamped.waitForOutbox(({ to }) => to === 'bob@example.org')
    expect(invite.kind).toBe('Invitation')
    expect(await stampedAt(product, south.tenantId).api(`/events/${eventId}`)).toMatchObject({ status: 404 })
    expect((await product.api(`/events/${eventId}`)).status).toBe(404)
    expect((await (await stamped.page('/inbound')).text()).match(/class="row"/g)).toHaveLength(1)
  })

  it('are reached by their hosts as on AWS, and listed on the start page', async () => {
    const { baseUrl } = await product.running()
    const { get } = await import('node:http')
    const ask = (host: string, path: string) =>
      new Promise<number>((resolve, reject) => {
        get(`${baseUrl}${path}`, { headers: { host } }, (response) => {
          response.resume()
          resolve(response.statusCode ?? 0)
        }).on('error', reject)
      })
    expect(await ask(`api.${north.domainName}`, '/v1/openapi.json')).toBe(200)
    expect(await ask(`go.${north.domainName}`, '/v1/openapi.json')).toBe(404)
    expect(await ask(`app.${north.domainName}`, '/sign-in')).toBe(200)
    expect(await ask(`go.${north.domainName}`, '/outbox')).toBe(404)
    const start = await (await product.page('/')).text()
    expect(start).toContain(`href="/t/${north.tenantId}/"`)
    expect(await (await product.page(`/t/${north.tenantId}`)).text()).toContain(`create@${north.domainName}`)
    expect((await product.page(`/t/${north.tenantId}/local/style.css`)).status).toBe(200)
  })

  it('leave the door shut to domains of nobody', async () => {
    await expect(product.sendMail({ raw: sample, to: 'create@north.example' })).rejects.toMatchObject({
      responseCode: 550,
    })
    await expect(product.sendMail({ raw: sample, to: `nobody@${north.domainName}` })).rejects.toMatchObject({
      responseCode: 550,
    })
  })

  it('harm nobody when one of them cannot be opened, and take changed parameters', async () => {
    const bad = { stackName: 'convoke-bad', tenantId: `ten_${'c'.repeat(26)}`, domainName: 'events.bad.example' }
    await stamper.wantStack({ ...bad, parameters: { Audience: 'all' } })
    expect(await stamper.present(bad.stackName, ({ status }) => status === 'failed')).toMatchObject({
      reason: 'Audience must be responded, attending or everyone',
    })
    await expect(product.sendMail({ raw: sample, to: `create@${bad.domainName}` })).rejects.toMatchObject({
      responseCode: 451,
    })
    await stamper.wantStack({
      stackName: 'convoke-thief',
      tenantId: `ten_${'d'.repeat(26)}`,
      domainName: south.domainName,
    })
    await stamper.present('convoke-thief', ({ status }) => status === 'failed')
    await stamper.want('convoke-torn', '{"stackName":')
    await stamper.present('convoke-torn', ({ status }) => status === 'failed')
    await stamper.wantStack({ ...bad, licenceKeys: {}, parameters: { MailboxCreate: 'invite' } })
    await stamper.present(bad.stackName, ({ status }) => status === 'open')
    await product.sendMail({ raw: sample, to: `invite@${bad.domainName}` })
    await stampedAt(product, bad.tenantId).waitForOutbox(({ kind }) => kind === 'Created')
    expect((await stampedAt(product, south.tenantId).api('/events')).status).toBe(200)

    await stamper.unwant(bad.stackName)
    await stamper.present(bad.stackName, ({ status }) => status === 'closed')
    await expect(product.sendMail({ raw: sample, to: `invite@${bad.domainName}` })).rejects.toMatchObject({
      responseCode: 550,
    })
    await stamper.wantStack({ ...bad, licenceKeys: {}, parameters: { MailboxCreate: 'invite' } })
    await stamper.present(bad.stackName, ({ status }) => status === 'open')
    expect(await stampedAt(product, bad.tenantId).outbox()).toHaveLength(1)
  })
})

describe('a stamped tenant whose licence is suspended', () => {
  it('records answers and holds the rest, also through kill -9; resumed, it sends what it held once', async () => {
    const stamped = stampedAt(product, north.tenantId)
    const { raw } = await stamped.waitForOutbox(({ to }) => to === 'bob@example.org')
    const replyAddress = /^From:.*<(r-[^>]+)>/m.exec(raw)?.[1] ?? ''
    const created = await stamped.waitForOutbox(({ kind }) => kind === 'Created')
    const eventId = /evt_\w+/.exec(created.raw)?.[0] ?? ''
    const before = (await stamped.outbox()).length
    await stamper.licence(north, { state: 'suspended' })
    await until(async () => ((await toldLast(north.tenantId)) === 'SUSPENDED' ? true : undefined))

    const second = sample
      .replaceAll(/^UID:.*$/gm, 'UID:second@google.com')
      .replace(/^Message-ID: .*$/im, 'Message-ID: <second@google.com>')
    await product.sendMail({ raw: second, to: `create@${north.domainName}` })
    await product.sendMail({ raw: replyOf(eventId, replyAddress), to: replyAddress, from: 'bob@example.org' })
    await product.killWorkingChild()
    const answered = await until(async () => {
      const { body } = await stamped.api(`/events/${eventId}/statistics`).catch(() => ({ body: undefined }))
      return JSON.stringify(body ?? '').includes('"accepted":1') ? body : undefined
    })
    expect(answered).toMatchObject({ answers: { accepted: 1 } })
    const refused = await stamped.api(`/events/${eventId}/invitations`, {
      method: 'POST',
      body: JSON.stringify({ email: 'eve@example.org' }),
    })
    expect(refused).toMatchObject({ status: 403, body: { code: 'licence.suspended' } })
    expect(await stamped.outbox()).toHaveLength(before)

    await product.killWorkingChild()
    await stamper.licence(north)
    await until(async () => ((await toldLast(north.tenantId)) === 'VALID' ? true : undefined))
    await until(async () => ((await stamped.outbox()).length > before ? true : undefined))
    expect((await stamped.outbox()).filter(({ kind }) => kind === 'Created')).toHaveLength(2)
    expect((await stamped.outbox()).length).toBe(before + 1)
  })

  it('tells the control plane figures and nothing else', async () => {
    const notices = await stamper.notices()
    const usage = notices.filter((notice) => notice.kind === 'usage' && notice.tenantId === north.tenantId)
    expect(usage.length).toBeGreaterThan(0)
    expect(JSON.stringify(notices)).not.toMatch(/@/)
  })
})

/** The standing that the tenant told of last. */
async function toldLast(tenantId: string): Promise<string | undefined> {
  const told = (await stamper.notices()).filter((notice) => notice.kind === 'health' && notice.tenantId === tenantId)
  const last = told.toSorted((a, b) => a.at - b.at).at(-1)
  return last?.kind === 'health' ? last.licenceStanding : undefined
}

function replyOf(eventId: string, replyAddress: string): string {
  return `From: Bob <bob@example.org>
To: ${replyAddress}
Message-ID: <answer-1@example.org>
Subject: Accepted
MIME-Version: 1.0
Content-Type: text/calendar; charset=utf-8; method=REPLY

BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Example//Client//EN
METHOD:REPLY
BEGIN:VEVENT
UID:${eventId}@${north.domainName}
DTSTAMP:20261124T120000Z
SEQUENCE:0
DTSTART:20270309T140000Z
ATTENDEE;PARTSTAT=ACCEPTED:mailto:bob@example.org
END:VEVENT
END:VCALENDAR
`.replaceAll('\n', '\r\n')
}
