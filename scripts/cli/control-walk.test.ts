import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createTransport } from 'nodemailer'
import { afterAll, beforeAll, type ExpectStatic, it } from 'vitest'
import * as z from 'zod'
import { ControlRunning, controlRunningFileName } from '#control-plane/embedded/running-file.ts'
import { vendorKeyFileName } from '#control-plane/embedded/vendor-key-file.ts'
import { readJsonFile } from '#shared/runtime/whole-file.ts'
import { type ProductProcess, runAsProcess } from '#tenant-stack/embedded/run-as-process.ts'
import { runCommand } from './run-command.ts'
import { createBrowser } from './walk-browser.fixture.ts'

const sample = new URL('../../samples/google-single-timed.eml', import.meta.url)
/** The looks at a domain keep their rhythm of 15 seconds, whatever the cloud's. */
const WALK_MILLISECONDS = 240_000
const vendor = 'vendor@convoke.localhost'

let folder: string
let product: ProductProcess
let baseUrl: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'convoke-walk-'))
  product = await runAsProcess({ dataFolder: folder, env: { CONVOKE_CONTROL: 'on', CONVOKE_CLOUD_SPEED: '600' } })
  baseUrl = (await readJsonFile(join(folder, controlRunningFileName), ControlRunning))?.baseUrl ?? ''
})

afterAll(async () => {
  await product.stop()
  await rm(folder, { recursive: true, force: true })
})

/** One command line as a person types it; its JSON. */
async function convoke(...args: readonly string[]): Promise<unknown> {
  let out = ''
  let error = ''
  const code = await runCommand([...args, '--json'], {
    env: { CONVOKE_DATA: folder },
    out: (text) => {
      out += text
    },
    error: (text) => {
      error += text
    },
  })
  if (code !== 0) throw new Error(`convoke ${args.join(' ')} ended with ${code}: ${error}`)
  return JSON.parse(out)
}

async function receivesMail(expect: ExpectStatic, tenantId: string, domainName: string): Promise<void> {
  const running = await product.running()
  const transport = createTransport({
    host: running.smtpHost,
    port: running.smtpPort,
    secure: false,
    ignoreTLS: true,
  })
  const to = `create@${domainName}`
  const raw = (await readFile(sample, 'utf8')).replaceAll('create@demo.localhost', to)
  await transport.sendMail({ envelope: { from: 'ana.diaz@example.com', to }, raw })
  transport.close()
  const outbox = async () => (await fetch(`${running.baseUrl}/t/${tenantId}/outbox`)).text()
  await expect.poll(outbox, { timeout: 20_000, interval: 200 }).toContain('Created: Quarterly planning')
}

const Id = z.object({ id: z.string() })
const Tenant = z.object({ id: z.string(), licence_id: z.string(), state: z.string() })
const Run = z.object({ who_acts: z.string(), status: z.string() })
const Watched = z.object({ tenant: z.object({ state: z.string() }), run: Run.nullable() })

it.concurrent('by the command line: a licence is sold, a tenant stamped, its domain delegated, and it receives mail', {
  timeout: WALK_MILLISECONDS,
}, async ({ expect }) => {
  const licensee = Id.parse(await convoke('licensee', 'add', 'Acme', '--email', 'pay@acme.example'))
  const tenant = Tenant.parse(await convoke('tenant', 'add', 'invites.acme.test', '--licensee', licensee.id))
  await convoke('local', 'pay', tenant.licence_id)
  const waiting = Watched.parse(await convoke('tenant', 'watch', tenant.id, '--until', 'person', '--seconds', '110'))
  expect(waiting.run).toMatchObject({ status: 'working', who_acts: 'licensee' })
  await convoke('local', 'delegate', tenant.id)
  const live = Watched.parse(await convoke('tenant', 'watch', tenant.id, '--seconds', '110'))
  expect(live.tenant.state).toBe('live')
  await receivesMail(expect, tenant.id, 'invites.acme.test')
})

it.concurrent('by HTTP: a person of the vendor signs in by a mailed link and does the same with forms and the API', {
  timeout: WALK_MILLISECONDS,
}, async ({ expect }) => {
  const browser = createBrowser(baseUrl)
  expect((await browser.api('/me')).status).toBe(401)
  await browser.post('/sign-in', { email: vendor })
  const link = await browser.linkMailedTo(vendor)
  const confirm = await browser.get(link)
  const token = /name="token" value="([^"]+)"/.exec(confirm)?.[1] ?? ''
  expect((await browser.api('/me')).status).toBe(401)
  await browser.post('/sign-in/link', { token })
  expect((await browser.api('/me')).body).toMatchObject({ email: vendor, role: 'vendor_admin' })

  const licensee = Id.parse((await browser.api('/licensees', { name: 'Bolt', billing_email: 'pay@bolt.example' })).body)
  const tenant = Tenant.parse(
    (await browser.api('/tenants', { domain_name: 'go.bolt.test', licensee_id: licensee.id })).body,
  )
  const checkout = z
    .object({ url: z.string() })
    .parse((await browser.api(`/licences/${tenant.licence_id}/checkout`, {})).body)
  await browser.post(checkout.url, {
    number: '4242424242424242',
    expiry: '12/34',
    cvc: '123',
    name: 'Bea Bolt',
    country: 'US',
    line1: '1 Main Street',
    postal_code: '94107',
    city: 'San Francisco',
    state: 'CA',
  })
  const run = async () => (await browser.api(`/tenants/${tenant.id}/run`)).body
  await expect.poll(run, { timeout: 110_000, interval: 500 }).toMatchObject({ who_acts: 'licensee' })
  const { body } = await browser.api(`/tenants/${tenant.id}/domain`)
  const { name_servers } = z.object({ name_servers: z.array(z.string()).min(4) }).parse(body)
  await browser.post('/dns/delegate', { domainName: 'go.bolt.test', nameServer: name_servers })
  const state = async () => Tenant.parse((await browser.api(`/tenants/${tenant.id}`)).body).state
  await expect.poll(state, { timeout: 110_000, interval: 500 }).toBe('live')
  await receivesMail(expect, tenant.id, 'go.bolt.test')
})

it.concurrent('keeps a key of the vendor for this user alone', async ({ expect }) => {
  const file = join(folder, vendorKeyFileName)
  const key = (await readFile(file, 'utf8')).trim()
  const me = await fetch(`${baseUrl}/v1/me`, { headers: { authorization: `Bearer ${key}` } })
  expect(await me.json()).toMatchObject({ kind: 'key', role: 'vendor_admin' })
  expect((await stat(file)).mode & 0o777).toBe(0o600)
})
