import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { listenOn } from '#shared/runtime/listen-on.ts'
import { startProduct } from '#test/harness/product/start-product.ts'

const sample = new URL('../../samples/google-single-timed.eml', import.meta.url)
const folders: string[] = []

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'convoke-start-'))
  folders.push(folder)
  return folder
}

afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true })
})

it('says where it is, what to try, its key, and that it trusts this machine', async () => {
  await using product = await startProduct()
  const { baseUrl, smtpPort } = await product.running()
  const said = product.output()
  expect(said).toContain(`Start page  ${baseUrl}`)
  expect(said).toContain(`create@demo.localhost  by SMTP at localhost:${smtpPort}`)
  expect(said).toContain('npm run convoke -- mail send samples/google-single-timed.eml --to create@demo.localhost')
  expect(said).toContain('DEVELOPMENT SETTING')
  const keyFile = join(product.dataFolder, 'demo-api-key.txt')
  expect(said).toContain((await readFile(keyFile, 'utf8')).trim())
  expect((await stat(keyFile)).mode & 0o777).toBe(0o600)
})

it('makes a mailed invite an event and tells the organizer', async () => {
  await using product = await startProduct()
  const answer = await product.sendMail({ raw: await readFile(sample), to: 'create@demo.localhost' })
  expect(answer).toMatch(/^250 2\.6\.0 accepted as mail_/)
  const created = await product.waitForOutbox(({ kind }) => kind === 'Created')
  expect(created.to).toBe('ana.diaz@example.com')
  expect(created.raw).toContain('Quarterly planning')
})

it('ends by Ctrl+C with 0, and the next start continues where it stopped', async () => {
  const data = await newFolder()
  const first = await startProduct({ data })
  const key = await readFile(join(data, 'demo-api-key.txt'), 'utf8')
  await first.sendMail({ raw: await readFile(sample), to: 'create@demo.localhost' })
  await first.waitForOutbox(({ kind }) => kind === 'Created')
  expect(await first.stop()).toBe(0)

  await using second = await startProduct({ data })
  expect(await second.outbox()).toMatchObject([{ kind: 'Created' }])
  expect(await readFile(join(data, 'demo-api-key.txt'), 'utf8')).toBe(key)
  expect(second.output()).not.toContain(key.trim())
})

it('refuses a port that was chosen and is taken, and suggests a free one', async () => {
  const holder = createServer()
  const port = await listenOn(holder, '127.0.0.1', 0)
  try {
    for (const setting of ['CONVOKE_HTTP_PORT', 'CONVOKE_SMTP_PORT']) {
      const started = startProduct({ env: { [setting]: String(port) } })
      await expect(started).rejects.toThrow(
        new RegExp(
          `Port ${port} \\(${setting}\\) is taken by another program\\. Port \\d+ is free now: ${setting}=\\d+ npm start`,
        ),
      )
    }
  } finally {
    holder.close()
  }
})

it('refuses a data folder that another one owns', async () => {
  await using first = await startProduct()
  await expect(startProduct({ data: first.dataFolder })).rejects.toThrow(/is in use by process \d+/)
})

it('refuses a data folder that cannot be one', async () => {
  const folder = await newFolder()
  await writeFile(join(folder, 'data'), 'a file, not a folder')
  await expect(startProduct({ env: { CONVOKE_DATA: join(folder, 'data') } })).rejects.toThrow(
    /The data folder \(CONVOKE_DATA\) cannot be used: /,
  )
})

it('says of every wrong setting what is wrong with it', async () => {
  const env = { CONVOKE_HTTP_PORT: 'eighty', CONVOKE_SMTP_HOST: '0.0.0.0', CONVOKE_TRUST_LOOPBACK: 'on' }
  await expect(startProduct({ env })).rejects.toThrow(/CONVOKE_HTTP_PORT must be a whole number from 0 to 65535/)
  await expect(startProduct({ env: { ...env, CONVOKE_HTTP_PORT: '0' } })).rejects.toThrow(
    /CONVOKE_TRUST_LOOPBACK must not be on while CONVOKE_SMTP_HOST is not a loopback address/,
  )
})
