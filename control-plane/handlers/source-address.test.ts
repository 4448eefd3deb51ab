import { Hono } from 'hono'
import { expect, it } from 'vitest'
import { sourceAddressOf } from './source-address.ts'

const app = new Hono().get('/', (c) => c.json({ ipAddress: sourceAddressOf(c) ?? 'unknown' }))

it('tells the address that the gateway saw, whatever the headers say', async () => {
  const forged = { headers: { 'x-forwarded-for': '198.51.100.9', 'x-real-ip': '198.51.100.9' } }
  const gateway = { requestContext: { identity: { sourceIp: '192.0.2.7' } } }
  expect(await (await app.request('/', forged, gateway)).json()).toEqual({ ipAddress: '192.0.2.7' })
  expect(await (await app.request('/', forged, {})).json()).toEqual({ ipAddress: 'unknown' })
})
