import { afterEach, describe, expect, it, vi } from 'vitest'
import type { Mailer, OutgoingMail } from '#shared/platform/mailer.ts'
import { systemClock } from '#shared/platform/node/system-clock.ts'
import { type CaptureSes, captureSes, type SesBehaviour } from '#test/harness/emulator/capture-ses.ts'
import { createSesMailer } from './ses-mailer.ts'
import { createSesSends, type SesSend } from './ses-sends.ts'

const mail: OutgoingMail = {
  sendId: 'snd_1',
  envelopeFrom: null,
  envelopeTo: 'a@example.org',
  raw: Buffer.from('From: x@example.com\r\n\r\nx\r\n'),
}

function mailerOf(sendEmail: SesSend, tenantName?: string): Mailer {
  return createSesMailer({
    sendEmail,
    configurationSetName: 'invites',
    lookup: async () => ({ fate: 'unknown' }),
    ...(tenantName === undefined ? {} : { tenantName }),
  })
}

describe('what an SES error means', () => {
  const said = (name: string, httpStatusCode: number) =>
    Object.assign(new Error(name), { name, $metadata: { httpStatusCode } })
  const inWords = (name: string, words: string) =>
    Object.assign(new Error(words), { name, $metadata: { httpStatusCode: 400 } })
  const unanswered = (code: string) => Object.assign(new Error(code), { code })
  const CASES: readonly (readonly [string, Error, string])[] = [
    ['a virus', inWords('MessageRejected', 'Email contains a virus'), 'mailer.rejected'],
    ['an illegal address', inWords('BadRequestException', 'Illegal address'), 'mailer.rejected'],
    ['half an address', inWords('BadRequestException', "Missing final '@domain'"), 'mailer.rejected'],
    [
      'an identity that is not verified',
      inWords('MessageRejected', 'Email address is not verified. The following identities failed the check'),
      'mailer.throttled',
    ],
    ['a tenant without its identity', inWords('BadRequestException', 'resource is not associated'), 'mailer.throttled'],
    ['a configuration set that is gone', said('NotFoundException', 404), 'mailer.throttled'],
    ['TooManyRequestsException', said('TooManyRequestsException', 429), 'mailer.throttled'],
    ['LimitExceededException', said('LimitExceededException', 400), 'mailer.throttled'],
    ['SendingPausedException', said('SendingPausedException', 400), 'mailer.throttled'],
    ['AccountSuspendedException', said('AccountSuspendedException', 400), 'mailer.throttled'],
    ['MailFromDomainNotVerified', said('MailFromDomainNotVerifiedException', 400), 'mailer.throttled'],
    ['AccessDeniedException', said('AccessDeniedException', 403), 'mailer.throttled'],
    ['no credentials', said('CredentialsProviderError', 400), 'mailer.throttled'],
    ['connection refused', unanswered('ECONNREFUSED'), 'mailer.throttled'],
    ['an unknown host', unanswered('ENOTFOUND'), 'mailer.throttled'],
    ['every address refused', new AggregateError([unanswered('ECONNREFUSED')]), 'mailer.throttled'],
    ['not connected in time', new Error('the request socket did not establish a connection'), 'mailer.throttled'],
    ['500', said('InternalServiceErrorException', 500), 'mailer.ambiguous'],
    ['503 without a name', said('UnknownError', 503), 'mailer.ambiguous'],
    ['a reset connection', unanswered('ECONNRESET'), 'mailer.ambiguous'],
    ['a time-out', Object.assign(new Error('slow'), { name: 'TimeoutError' }), 'mailer.ambiguous'],
  ]
  for (const [what, error, code] of CASES)
    it(`${what} is ${code}`, async () => {
      await expect(mailerOf(() => Promise.reject(error)).send(mail)).rejects.toMatchObject({ code, cause: error })
    })

  it('an answer without a message id is ambiguous', async () => {
    await expect(mailerOf(async () => ({ messageId: undefined })).send(mail)).rejects.toMatchObject({
      code: 'mailer.ambiguous',
    })
  })
})

describe('over a real socket', () => {
  let ses: CaptureSes | undefined
  afterEach(async () => {
    vi.unstubAllEnvs()
    await ses?.close()
  })

  async function start(...behaviours: readonly SesBehaviour[]): Promise<SesSend> {
    ses = await captureSes()
    for (const behaviour of behaviours) ses.behaveNext(behaviour)
    return sendsOf(ses.endpoint)
  }

  function sendsOf(endpoint: string): SesSend {
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'test')
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test')
    return createSesSends({
      place: { region: 'eu-central-1', endpoint },
      clock: systemClock,
      times: { connectionTimeout: 1000, requestTimeout: 250 },
    })
  }

  it('every field arrives, the raw bytes unchanged', async () => {
    const mailer = mailerOf(await start(), 'tenant-a')
    const { mailerMessageId } = await mailer.send({ ...mail, envelopeFrom: 'bounce@example.com' })
    expect(ses?.mails).toEqual([
      {
        messageId: mailerMessageId,
        raw: mail.raw,
        toAddresses: ['a@example.org'],
        feedbackForwardingEmailAddress: 'bounce@example.com',
        tags: { sendId: 'snd_1' },
        configurationSetName: 'invites',
        tenantName: 'tenant-a',
      },
    ])
  })

  for (const isTaken of [true, false])
    it(`a server that never answers is ambiguous and asked once, the mail ${isTaken ? '' : 'not '}taken`, async () => {
      const mailer = mailerOf(await start({ kind: 'hang', isTaken }))
      await expect(mailer.send(mail)).rejects.toMatchObject({ code: 'mailer.ambiguous' })
      expect(ses?.mails).toHaveLength(Number(isTaken))
    })

  it('a connection dropped after the mail was taken is ambiguous and the mail is not sent again', async () => {
    const mailer = mailerOf(await start({ kind: 'drop', isTaken: true }))
    await expect(mailer.send(mail)).rejects.toMatchObject({ code: 'mailer.ambiguous' })
    expect(ses?.mails).toHaveLength(1)
  })

  it('throttled, refused and broken answers are not tried again by the client', async () => {
    const sendEmail = await start(
      { kind: 'refuse', status: 429, code: 'TooManyRequestsException' },
      { kind: 'refuse', status: 400, code: 'MessageRejected' },
      { kind: 'refuse', status: 500, code: 'InternalServiceErrorException' },
    )
    const mailer = mailerOf(sendEmail)
    for (const code of ['mailer.throttled', 'mailer.throttled', 'mailer.ambiguous'])
      await expect(mailer.send(mail)).rejects.toMatchObject({ code })
    expect(ses?.mails).toEqual([])
  })

  it('nobody listening is throttled', async () => {
    ses = await captureSes()
    const { endpoint } = ses
    await ses.close()
    await expect(mailerOf(sendsOf(endpoint)).send(mail)).rejects.toMatchObject({ code: 'mailer.throttled' })
  })
})
