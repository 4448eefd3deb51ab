import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import PostalMime from 'postal-mime'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startProduct, type TestProduct } from '#test/harness/product/start-product.ts'
import { askingMail, csvRows, fileOf } from '#test/harness/tenant/reported.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const ana = 'ana.diaz@example.com'
const reports = 'reports@demo.localhost'
let product: TestProduct
let folder: string
let eventId: string
let createdText: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'convoke-report-'))
  product = await startProduct()
  const invite = await readFile(join(root, 'samples/google-single-timed.eml'))
  await product.sendMail({ raw: invite, to: 'create@demo.localhost' })
  const created = await product.waitForOutbox(({ kind }) => kind === 'Created')
  createdText = (await PostalMime.parse(created.raw)).text ?? ''
  eventId = /evt_[0-9a-z]{26}/.exec(createdText)?.[0] ?? ''
  const bob = { email: 'bob@example.org', name: 'Bob' }
  await product.api(`/events/${eventId}/invitations`, { method: 'POST', body: JSON.stringify(bob) })
  await product.waitForOutbox(({ kind, to }) => kind === 'Invitation' && to === 'bob@example.org')
})

afterAll(async () => {
  await product[Symbol.asyncDispose]()
  await rm(folder, { recursive: true, force: true })
})

const known = new Set<string>()

/** The next report that comes: its one row. */
async function nextReport() {
  const found = await product.waitForOutbox(
    ({ subject, mailerMessageId }) => subject.startsWith('Report: ') && !known.has(mailerMessageId),
  )
  known.add(found.mailerMessageId)
  const mail = await PostalMime.parse(found.raw)
  const { rows } = fileOf(mail)
  return { to: found.to, from: mail.from?.address, emails: rows.map(({ Email }) => Email) }
}

const report = { to: ana, from: reports, emails: ['bob@example.org'] }

const convoke = async (...args: readonly string[]) =>
  promisify(execFile)(process.execPath, ['scripts/convoke.ts', ...args], {
    cwd: root,
    env: { CONVOKE_DATA: product.dataFolder },
  })

it('by mail to reports@', async () => {
  expect(
    await product.sendMail({ raw: askingMail({ subject: 'Re: Created: Quarterly planning' }), to: reports }),
  ).toMatch(/^250 /)
  expect(await nextReport()).toEqual(report)
})

it('by the page behind the link of the created mail', async () => {
  const path = new URL(/http\S+\/report\/\S+/.exec(createdText)?.[0] ?? 'http://none.example/').pathname
  const shown = await (await product.page(path)).text()
  const ask = /name="ask" value="([^"]+)"/.exec(shown)?.[1] ?? ''
  const pressed = await product.page(path, { method: 'POST', body: new URLSearchParams({ ask }) })
  expect({ status: pressed.status, text: await pressed.text() }).toMatchObject({
    status: 200,
    text: expect.stringContaining('The report is on its way'),
  })
  expect(await nextReport()).toEqual(report)
})

it('by API, and by command', async () => {
  expect(await product.api(`/events/${eventId}/reports`, { method: 'POST' })).toMatchObject({ status: 202 })
  expect(await nextReport()).toEqual(report)
  expect((await convoke('event', 'report', eventId)).stdout).toContain('goes to the organizer of the event by mail')
  expect(await nextReport()).toEqual(report)
})

it('into a file that nobody else may read, whole or not at all', async () => {
  const file = join(folder, 'report.csv')
  expect((await convoke('event', 'report', eventId, '--out', file)).stdout).toBe(`Written to ${file}.\n`)
  expect(csvRows(await readFile(file))).toMatchObject([{ Email: 'bob@example.org', Name: 'Bob' }])
  expect((await stat(file)).mode & 0o777).toBe(0o600)
  const none = join(folder, 'none.csv')
  await expect(convoke('event', 'report', 'evt_00000000000000000000000000', '--out', none)).rejects.toMatchObject({
    code: 1,
  })
  await expect(stat(none)).rejects.toMatchObject({ code: 'ENOENT' })
  await expect(convoke('event', 'report', eventId, '--out', join(folder, 'no', 'file.csv'))).rejects.toMatchObject({
    code: 2,
  })
})
