import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { OutgoingMail } from '#shared/platform/mailer.ts'
import { type CaptureSmtp, type SmtpBehaviour, startCaptureSmtp } from '#test/harness/platform/capture-smtp.ts'
import { createSmtpMailer, type SmtpMailer } from './smtp-mailer.ts'

let server: CaptureSmtp
let mailer: SmtpMailer

beforeEach(async () => {
  server = await startCaptureSmtp({ sizeMax: 200_000 })
  mailer = createSmtpMailer({ host: '127.0.0.1', port: server.port, timeoutSeconds: 2, connectionsMax: 2 })
})

afterEach(async () => {
  mailer.close()
  await server.close()
})

function mailOf(sendId: string, size = 10): OutgoingMail {
  const raw = Buffer.from(`Subject: x\r\n\r\n${`${'x'.repeat(68)}\r\n`.repeat(Math.ceil(size / 70))}`)
  return { sendId, envelopeFrom: 'a@example.com', envelopeTo: 'b@example.org', raw }
}

const OUTCOMES: readonly (readonly [string, SmtpBehaviour, string])[] = [
  ['550 to RCPT', { at: 'rcpt', code: 550 }, 'mailer.rejected'],
  ['550 to MAIL', { at: 'mail', code: 550 }, 'mailer.rejected'],
  ['554 to the data', { at: 'data', code: 554 }, 'mailer.rejected'],
  ['450 to RCPT', { at: 'rcpt', code: 450 }, 'mailer.throttled'],
  ['451 to MAIL', { at: 'mail', code: 451 }, 'mailer.throttled'],
  ['452 to the data', { at: 'data', code: 452 }, 'mailer.throttled'],
  ['421 to the data', { at: 'data', code: 421 }, 'mailer.throttled'],
  ['503 to RCPT', { at: 'rcpt', code: 503 }, 'mailer.throttled'],
  ['a greeting of 554', { at: 'connect', code: 554 }, 'mailer.throttled'],
  ['a greeting of 421', { at: 'connect', code: 421 }, 'mailer.throttled'],
  ['a connection lost at MAIL', 'drop_at_mail', 'mailer.throttled'],
  ['a connection lost within DATA', 'drop_in_data', 'mailer.ambiguous'],
  ['a connection lost after the last dot', 'drop_after_data', 'mailer.ambiguous'],
  ['silence after the last dot', 'silent_after_data', 'mailer.ambiguous'],
]

describe('SMTP outcomes', () => {
  for (const [what, behaviour, code] of OUTCOMES)
    it(`${what} is ${code}, and the mailer goes on`, async () => {
      server.behave(behaviour)
      await expect(mailer.send(mailOf('s1'))).rejects.toMatchObject({ code })
      server.behave('accept')
      await mailer.send(mailOf('s2'))
      expect(server.mails).toHaveLength(1)
    })

  it('the same holds on a connection that was used before', async () => {
    for (const [, behaviour, code] of OUTCOMES.filter(
      ([, told]) => typeof told !== 'object' || told.at !== 'connect',
    )) {
      server.behave('accept')
      await mailer.send(mailOf('warm'))
      server.behave(behaviour)
      await expect(mailer.send(mailOf('s'))).rejects.toMatchObject({ code })
    }
  })

  it('a big mail lost in the middle of DATA is ambiguous', async () => {
    server.behave('drop_in_data')
    await expect(mailer.send(mailOf('s', 150_000))).rejects.toMatchObject({ code: 'mailer.ambiguous' })
  })

  it('a mail over the SIZE the server offers is rejected', async () => {
    await expect(mailer.send(mailOf('s', 300_000))).rejects.toMatchObject({ code: 'mailer.rejected' })
    expect(server.mails).toHaveLength(0)
  })

  it('a server that is not there is throttled', async () => {
    await server.close()
    await expect(mailer.send(mailOf('s'))).rejects.toMatchObject({ code: 'mailer.throttled' })
  })

  it('a server that wants no sign-in refuses one as throttled, for the mail is not at fault', async () => {
    const wrong = createSmtpMailer({ host: '127.0.0.1', port: server.port, auth: { user: 'u', pass: 'p' } })
    await expect(wrong.send(mailOf('s'))).rejects.toMatchObject({ code: 'mailer.throttled' })
    wrong.close()
  })
})

describe('SMTP connections', () => {
  it('sequential sends share one connection', async () => {
    for (let at = 0; at < 10; at += 1) await mailer.send(mailOf(`s${at}`))
    expect(server.connectionCount()).toBe(1)
  })

  it('a refused mail does not cost the connection', async () => {
    server.behave({ at: 'rcpt', code: 550 })
    for (let at = 0; at < 5; at += 1)
      await expect(mailer.send(mailOf(`s${at}`))).rejects.toMatchObject({ code: 'mailer.rejected' })
    expect(server.connectionCount()).toBe(1)
  })

  it('many at once stay within the connections allowed', async () => {
    await Promise.all(Array.from({ length: 30 }, (_, at) => mailer.send(mailOf(`s${at}`))))
    expect(server.connectionCount()).toBeLessThanOrEqual(2)
    expect(server.mails).toHaveLength(30)
  })

  it('many failing at once all get their answer', async () => {
    server.behave('drop_after_data')
    const outcomes = await Promise.allSettled(Array.from({ length: 12 }, (_, at) => mailer.send(mailOf(`s${at}`))))
    expect(outcomes.every(({ status }) => status === 'rejected')).toBe(true)
    server.behave('accept')
    await mailer.send(mailOf('after'))
  })

  it('a resting connection dropped by the server is replaced without a failure or a second copy', async () => {
    await mailer.send(mailOf('s1'))
    server.dropConnections()
    await mailer.send(mailOf('s2'))
    expect(server.mails).toHaveLength(2)
  })

  it('a connection is made anew after 100 mails', async () => {
    for (let at = 0; at < 101; at += 1) await mailer.send(mailOf(`s${at}`))
    expect(server.connectionCount()).toBe(2)
  })

  it("the relay's queue id is the mailer's message id when it names one", async () => {
    expect((await mailer.send(mailOf('snd_1'))).mailerMessageId).not.toBe('')
    expect(await mailer.lookup('snd_1')).toEqual({ fate: 'unknown' })
  })
})
