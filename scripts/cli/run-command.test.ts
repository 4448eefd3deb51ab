import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { runCommand } from './run-command.ts'

const sample = 'samples/google-single-timed.eml'
const to = ['--to', 'create@demo.localhost']
let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'convoke-cli-'))
})

afterEach(async () => {
  await rm(folder, { recursive: true, force: true })
})

async function run(...args: readonly string[]) {
  let out = ''
  let error = ''
  const code = await runCommand(args, {
    env: { CONVOKE_DATA: folder, CONVOKE_HTTP_PORT: '1', CONVOKE_SMTP_PORT: '1' },
    out: (text) => {
      out += text
    },
    error: (text) => {
      error += text
    },
  })
  return { code, out, error }
}

it.each([
  [['mail', 'send'], 'expected FILE'],
  [['mail', 'send', sample], '--to is missing'],
  [['mail', 'send', sample, 'another.eml', ...to], 'expected FILE'],
  [['mail', 'send', sample, ...to, '--bcc', 'x'], "Unknown option '--bcc'"],
  [['mail', 'send', 'no-such.eml', ...to], 'no-such.eml cannot be read'],
  [['mail', 'log', '--limit', 'many'], '--limit is a number'],
  [['mail', 'read'], 'there are: mail send, mail answer, mail propose, mail log'],
  [['meeting', 'make'], 'there is no command meeting make'],
])('2: %j is written wrongly, and it says how', async (args, words) => {
  const { code, out, error } = await run(...args)
  expect({ code, out }).toEqual({ code: 2, out: '' })
  expect(error).toContain(words)
})

it('2: asks for an envelope sender when the mail has no From', async () => {
  const file = join(folder, 'headless.eml')
  await writeFile(file, 'Subject: Nobody\n\nHello\n')
  const { code, error } = await run('mail', 'send', file, ...to)
  expect(code).toBe(2)
  expect(error).toContain('name one with --from')
})

it('1: a wrong setting is told as one', async () => {
  const errors: string[] = []
  const terminal = {
    env: { CONVOKE_SMTP_PORT: 'no' },
    out: () => undefined,
    error: (text: string) => void errors.push(text),
  }
  expect(await runCommand(['event', 'show', 'evt_1'], terminal)).toBe(1)
  expect(errors.join()).toContain('CONVOKE_SMTP_PORT must be a whole number')
})

it('1: says that it was never started where there is no key', async () => {
  const { code, error } = await run('event', 'show', 'evt_1')
  expect(code).toBe(1)
  expect(error).toContain('Start Convoke once with: npm start')
})

it('0: tells its commands and their options', async () => {
  const overview = await run()
  expect(overview).toMatchObject({ code: 0, error: '' })
  for (const command of ['mail send FILE --to ADDRESS', 'mail log', 'event show EVENT_ID', 'event invite EVENT_ID']) {
    expect(overview.out).toContain(command)
  }
  expect((await run('event', 'invite', '--help')).out).toContain('--name NAME')
})
