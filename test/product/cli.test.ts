import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startProduct, type TestProduct } from '#test/harness/product/start-product.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const sample = 'samples/google-single-timed.eml'
const create = 'create@demo.localhost'
let product: TestProduct
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'convoke-cli-'))
  product = await startProduct()
})

afterAll(async () => {
  await product[Symbol.asyncDispose]()
  await rm(folder, { recursive: true, force: true })
})

type Ran = { readonly code: number; readonly out: string; readonly error: string }

function convoke(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ran> {
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      ['scripts/convoke.ts', ...args],
      { cwd: root, env: { CONVOKE_DATA: product.dataFolder, ...env } },
      (_, out, error) => resolve({ code: child.exitCode ?? -1, out, error }),
    )
  })
}

it('0: walks from a mail to an invited person', async () => {
  const sent = await convoke(['mail', 'send', sample, '--to', create])
  expect(sent).toMatchObject({ code: 0, error: '' })
  expect(sent.out).toMatch(/^250 2\.6\.0 accepted as mail_/)
  const eventId = /acted: created {2}(evt_[a-z0-9]{26})/.exec(sent.out)?.[1] ?? ''

  const shown = await convoke(['event', 'show', eventId])
  expect(shown.out).toContain('Quarterly planning')
  const invited = await convoke(['event', 'invite', eventId, '--email', 'bob@example.org', '--name', 'Bob'])
  expect(invited).toMatchObject({ code: 0, error: '' })
  await product.waitForOutbox(({ kind, to }) => kind === 'Invitation' && to === 'bob@example.org')
  const counted = await convoke(['event', 'statistics', eventId, '--json'])
  expect(JSON.parse(counted.out)).toMatchObject({ attendees: 1, answers: { none: 1 } })
  const log = await convoke(['mail', 'log'])
  expect(log.out).toContain(`acted: created  ${eventId}  ana.diaz@example.com → ${create}`)
})

it('0: counts over an organizer and the domain, lists by filters, and counts again', async () => {
  const ana = 'ana.diaz@example.com'
  const eventId = /evt_[a-z0-9]{26}/.exec((await convoke(['event', 'list'])).out)?.[0] ?? ''
  const totals = await convoke(['organizer', 'statistics', ana])
  expect(totals.out).toMatch(/^Events +1, of which cancelled 0\nAttendees +1\n/)
  expect(totals.out).toMatch(/^No answer +1 +█{30}$/m)
  expect(JSON.parse((await convoke(['domain', 'statistics', '--json'])).out)).toMatchObject({ events: { created: 1 } })
  expect((await convoke(['organizer', 'events', ana, '--sort', 'start'])).out).toContain(eventId)
  expect((await convoke(['event', 'list', '--status', 'cancelled'])).out).toBe('There are no such events.\n')
  for (const asked of [
    ['event', 'recount', eventId, '--repair'],
    ['organizer', 'recount', ana],
    ['domain', 'recount'],
  ])
    expect(await convoke(asked)).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^Equal: \d counted, \d rows\.\n$/),
    })
  expect((await convoke(['organizer', 'statistics', 'nobody@example.com'])).error).toContain(
    'There is no such organizer.',
  )
})

it('0: answers as the invited person, and the numbers move', async () => {
  const listed = await convoke(['event', 'list'])
  const eventId = /evt_[a-z0-9]{26}/.exec(listed.out)?.[0] ?? ''
  expect(listed.out).toContain('Quarterly planning')
  await convoke(['event', 'invite', eventId, '--email', 'cleo@example.org'])
  await product.waitForOutbox(({ kind, to }) => kind === 'Invitation' && to === 'cleo@example.org')
  const answered = await convoke(['mail', 'answer', 'Cleo@example.org', 'maybe'])
  expect(answered).toMatchObject({ code: 0, error: '' })
  expect(answered.out).toContain(`acted: answer_recorded  ${eventId}`)
  const counted = await convoke(['event', 'statistics', eventId, '--json'])
  expect(JSON.parse(counted.out)).toMatchObject({ answers: { tentative: 1 } })
})

it('0: proposes another time as the invited person, and moves the event to it', async () => {
  const eventId = /evt_[a-z0-9]{26}/.exec((await convoke(['event', 'list'])).out)?.[0] ?? ''
  const proposed = await convoke(['mail', 'propose', 'cleo@example.org', '2027-05-06T15:00:00Z'])
  expect(proposed).toMatchObject({ code: 0, error: '' })
  expect(proposed.out).toContain(`acted: proposal_recorded  ${eventId}`)
  const listed = await convoke(['proposal', 'list', eventId])
  const [proposalId = ''] = /prp_[0-9a-z]{58}/.exec(listed.out) ?? []
  expect(listed.out).toMatch(/^open {2}cleo@example\.org/)
  const accepted = await convoke(['proposal', 'accept', proposalId])
  expect(accepted).toMatchObject({ code: 0, error: '' })
  await product.waitForOutbox(({ kind, to }) => kind === 'Update' && to === 'cleo@example.org')
  expect((await convoke(['proposal', 'list', eventId])).out).toMatch(/^accepted/)
  expect((await convoke(['proposal', 'decline', proposalId])).code).toBe(1)
})

it('1, 2: answers nothing for who was not invited, and no word that is no answer', async () => {
  expect(await convoke(['mail', 'answer', 'eve@example.org', 'no'])).toMatchObject({ code: 1, out: '' })
  expect(await convoke(['mail', 'answer', 'cleo@example.org', 'perhaps'])).toMatchObject({ code: 2, out: '' })
})

it('--json answers for programs, failures too', async () => {
  const sent = await convoke(['mail', 'send', sample, '--to', create, '--from', 'ana.diaz@example.com', '--json'])
  expect(JSON.parse(sent.out)).toMatchObject({ from: 'ana.diaz@example.com', to: [create] })
  const missing = await convoke(['event', 'show', `evt_${'0'.repeat(26)}`, '--json'])
  expect(missing.code).toBe(1)
  expect(JSON.parse(missing.error)).toMatchObject({ code: 'cli.refused' })
})

it("1: says the server's own words when it refuses the mail", async () => {
  const { code, out, error } = await convoke(['mail', 'send', sample, '--to', 'nobody@demo.localhost'])
  expect({ code, out }).toEqual({ code: 1, out: '' })
  expect(error).toBe('convoke: 550 5.1.1 No such mailbox here\n')
})

it('1: says that nothing runs, and how to start it', async () => {
  const env = { CONVOKE_DATA: folder, CONVOKE_SMTP_PORT: '1', CONVOKE_HTTP_PORT: '1', CONVOKE_API_KEY: 'cvk_none' }
  const sent = await convoke(['mail', 'send', sample, '--to', create], env)
  expect(sent).toMatchObject({
    code: 1,
    error: 'convoke: Nothing takes mail at 127.0.0.1:1. Start it with: npm start\n',
  })
  const shown = await convoke(['event', 'show', 'evt_1'], env)
  expect(shown).toMatchObject({
    code: 1,
    error: 'convoke: Nothing answers at http://127.0.0.1:1. Start it with: npm start\n',
  })
})

it('0: looks at a list without leaving anything to confirm, then sends it and follows it to its end', async () => {
  const eventId = /evt_[a-z0-9]{26}/.exec((await convoke(['event', 'list'])).out)?.[0] ?? ''
  const file = join(folder, 'people.csv')
  await writeFile(file, 'email\nlisted@example.org\nlisted@example.org\nnobody\n')
  const looked = await convoke(['list', 'upload', eventId, file, '--dry-run'])
  expect(looked).toMatchObject({ code: 0, error: '' })
  expect(looked.out).toContain('1 of 3 lines would be invited.')
  expect(looked.out).toContain('  1 duplicate\n  1 invalid address\n')
  expect(looked.out).toContain('nothing is left to confirm')
  const lookedId = /lst_[a-z0-9]{26}/.exec(looked.out)?.[0] ?? ''
  expect(await convoke(['list', 'confirm', lookedId])).toMatchObject({ code: 1 })

  const uploaded = JSON.parse((await convoke(['list', 'upload', eventId, file, '--json'])).out)
  expect(uploaded).toMatchObject({ state: 'ready', valid: 1, refused: { duplicate: 1, invalid_address: 1 } })
  const following = convoke(['list', 'status', uploaded.id, '--follow'])
  expect(await convoke(['list', 'confirm', uploaded.id])).toMatchObject({ code: 0 })
  expect((await following).out).toContain(`List ${uploaded.id} is done. 1 of 1 sent, 0 failed, 0 held back.`)
})
