import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createTransport } from 'nodemailer'
import { afterEach, expect, it } from 'vitest'
import * as z from 'zod'
import { ControlRunning, controlRunningFileName } from '#control-plane/embedded/running-file.ts'
import { vendorKeyFileName } from '#control-plane/embedded/vendor-key-file.ts'
import { readJsonFile } from '#shared/runtime/whole-file.ts'
import { type ProductProcess, runAsProcess } from '#tenant-stack/embedded/run-as-process.ts'
import { runCommand } from './run-command.ts'

const sample = new URL('../../samples/google-single-timed.eml', import.meta.url)

let folder: string
let product: ProductProcess | undefined

afterEach(async () => {
  await product?.stop()
  await rm(folder, { recursive: true, force: true })
})

async function start(more: Readonly<Record<string, string>> = {}): Promise<void> {
  folder = await mkdtemp(join(tmpdir(), 'convoke-walk-'))
  product = await runAsProcess({
    dataFolder: folder,
    env: { CONVOKE_CONTROL: 'on', CONVOKE_CLOUD_SPEED: '600', ...more },
  })
}

function started(): ProductProcess {
  if (product === undefined) throw new Error('nothing was started')
  return product
}

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
  expect({ args, code, error }).toEqual({ args, code: 0, error: '' })
  return JSON.parse(out)
}

const Licensee = z.object({ id: z.string() })
const Tenant = z.object({ id: z.string(), licence_id: z.string(), state: z.string() })
const Watched = z.object({
  tenant: z.object({ state: z.string() }),
  run: z.object({ who_acts: z.string(), status: z.string() }).nullable(),
})

/** The looks at a domain keep their rhythm of 15 seconds, whatever the cloud's. */
const WALK_MILLISECONDS = 240_000

it('sells a licence, stamps a tenant, watches its domain be delegated, and its domain then receives mail', {
  timeout: WALK_MILLISECONDS,
}, async () => {
  await start()
  const licensee = Licensee.parse(await convoke('licensee', 'add', 'Acme', '--email', 'pay@acme.example'))
  const tenant = Tenant.parse(await convoke('tenant', 'add', 'invites.acme.test', '--licensee', licensee.id))
  await convoke('local', 'pay', tenant.licence_id)
  const waiting = Watched.parse(await convoke('tenant', 'watch', tenant.id, '--until', 'person', '--seconds', '110'))
  expect(waiting.run).toMatchObject({ status: 'working', who_acts: 'licensee' })
  await convoke('local', 'delegate', tenant.id)
  const live = Watched.parse(await convoke('tenant', 'watch', tenant.id, '--seconds', '110'))
  expect(live.tenant.state).toBe('live')

  const { smtpHost, smtpPort, baseUrl } = await started().running()
  const transport = createTransport({ host: smtpHost, port: smtpPort, secure: false, ignoreTLS: true })
  const raw = (await readFile(sample, 'utf8')).replaceAll('create@demo.localhost', 'create@invites.acme.test')
  await transport.sendMail({ envelope: { from: 'ana.diaz@example.com', to: 'create@invites.acme.test' }, raw })
  transport.close()
  await expect
    .poll(async () => (await fetch(`${baseUrl}/t/${tenant.id}/outbox`)).text(), { timeout: 20_000, interval: 200 })
    .toContain('Created: Quarterly planning')
})

it('starts with a key that may do what the vendor may, for this user alone, and keeps it', async () => {
  await start()
  const running = await readJsonFile(join(folder, controlRunningFileName), ControlRunning)
  const key = (await readFile(join(folder, vendorKeyFileName), 'utf8')).trim()
  const me = await fetch(`${running?.baseUrl}/v1/me`, { headers: { authorization: `Bearer ${key}` } })
  expect(await me.json()).toMatchObject({ kind: 'key', role: 'vendor_admin' })
  expect((await fetch(`${running?.baseUrl}/v1/me`)).status).toBe(401)
})
