import { afterAll, beforeAll, expect, it } from 'vitest'
import { ListView } from '#shared/contracts/lists-api.ts'
import { type Estate, openEstate } from '#test/harness/aws/estate.ts'
import { eventually } from '#test/harness/aws/eventually.ts'
import { looksAt } from '#test/harness/aws/looks.ts'
import { receiveByCell, sentTo } from '#test/harness/aws/outside-world.ts'
import { stampTenant, type TenantOnAws } from '#test/harness/aws/tenant-on-aws.ts'
import { readSample } from '#test/harness/samples.ts'

let estate: Estate
let tenant: TenantOnAws
let eventId: string
beforeAll(async () => {
  estate = await openEstate()
  tenant = await stampTenant(estate, 'lists', `ten_${'0'.repeat(25)}3`)
  const raw = readSample('google-single-timed')
  await receiveByCell(estate, { messageId: 'list1', raw, recipients: [tenant.create], from: 'ana.diaz@example.com' })
  const outcome = await looksAt(estate).outcomeOf(tenant, 'list1', tenant.create)
  eventId = outcome.eventIds[0] ?? ''
})
afterAll(() => estate.close())

const listIn = async (id: string, state: string) =>
  eventually(`the list to be ${state}`, async () => {
    const list = ListView.parse((await tenant.api(`/v1/lists/${id}`)).body)
    return list.state === state ? list : undefined
  })

it('a list goes by API Gateway, S3 and its queue to each person once, with the roles that the template gives', async () => {
  const form = new FormData()
  const lines = Array.from({ length: 120 }, (_, at) => `p${at}@example.org;Person ${at}`)
  form.set('file', new File([`email;name\n${lines.join('\n')}\nnobody;x\n`], 'people.csv'))
  const url = `${estate.emulator.endpoint}/restapis/${tenant.stack.outputs.RestApiId}/live/_user_request_`
  const uploaded = await fetch(`${url}/v1/events/${eventId}/lists`, {
    method: 'POST',
    headers: { authorization: `Bearer ${tenant.key}` },
    body: form,
  })
  const { id } = ListView.parse(await uploaded.json())
  expect(await listIn(id, 'ready')).toMatchObject({ rows: 121, valid: 120, refused: { invalid_address: 1 } })
  await tenant.api(`/v1/lists/${id}/confirm`, { method: 'POST' })
  expect(await listIn(id, 'done')).toMatchObject({ planned: 120, sent: 120, failed: 0 })
  const to = estate.ses.mails.flatMap(({ toAddresses }) => toAddresses).filter((one) => /^p\d+@example\.org$/.test(one))
  expect([to.length, new Set(to).size]).toEqual([120, 120])
  expect((await tenant.api(`/v1/lists/${id}/rows`)).body).toMatchObject({ data: [{ line: 122 }], has_more: false })
})

it('one click takes a person off, by the link of his own mail', async () => {
  const { mail } = await sentTo(estate, 'p7@example.org')
  const path = /\/unsubscribe\/[0-9a-f]{96}/.exec(mail.raw.toString('latin1'))?.[0] ?? ''
  const url = `${estate.emulator.endpoint}/restapis/${tenant.stack.outputs.RestApiId}/live/_user_request_${path}`
  expect((await fetch(url)).status).toBe(200)
  const clicked = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: 'List-Unsubscribe=One-Click',
  })
  expect(clicked.status).toBe(200)
  const { body } = await tenant.api('/v1/suppressions')
  expect(body).toMatchObject({ data: [{ email: 'p7@example.org', scope: 'organizer', reason: 'unsubscribe' }] })
})
