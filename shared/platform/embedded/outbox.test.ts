import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createMemoryPlatform, type MemoryPlatform } from '#test/harness/platform/memory-platform.ts'

let platform: MemoryPlatform
beforeEach(async () => {
  platform = await createMemoryPlatform()
})
afterEach(() => platform.close())

async function send(sendId: string, text = sendId): Promise<string> {
  const raw = Buffer.from(text)
  const mail = { sendId, envelopeFrom: 'a@example.com', envelopeTo: `${sendId}@example.org`, raw }
  return (await platform.outbox.send(mail)).mailerMessageId
}

describe('outbox', () => {
  it('lists newest first, by pages, without the bytes', async () => {
    const { outbox, clock } = platform
    for (const sendId of ['s1', 's2', 's3', 's4', 's5']) {
      clock.advance(1)
      await send(sendId)
    }
    const first = await outbox.list({ limit: 2 })
    expect(first.mails.map(({ sendId }) => sendId)).toEqual(['s5', 's4'])
    await send('s6')
    const second = await outbox.list({ limit: 3, cursor: first.cursor ?? '' })
    expect(second.mails.map(({ sendId }) => sendId)).toEqual(['s3', 's2', 's1'])
    expect(second.cursor).toBeUndefined()
    expect(await outbox.count()).toBe(6)
    expect(first.mails[0]).toEqual({
      mailerMessageId: expect.any(String),
      sendId: 's5',
      envelopeFrom: 'a@example.com',
      envelopeTo: 's5@example.org',
      acceptedAt: clock.now(),
      rawBytes: 2,
    })
  })

  it('a send id taken already is rejected and the first mail stays', async () => {
    const id = await send('s1', 'first')
    await expect(send('s1', 'second')).rejects.toMatchObject({ code: 'mailer.rejected' })
    expect(await platform.outbox.count()).toBe(1)
    expect(Buffer.from(await platform.outbox.raw(id)).toString()).toBe('first')
  })

  it('of two racing sends with one id exactly one is taken', async () => {
    const outcomes = await Promise.allSettled([send('s1'), send('s1'), send('s2')])
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  })

  it('knows at once what became of a send', async () => {
    const mailerMessageId = await send('s1')
    expect(await platform.mailer.lookup('s1')).toEqual({ fate: 'accepted', mailerMessageId })
    expect(await platform.mailer.lookup('s2')).toEqual({ fate: 'not_accepted' })
  })

  it('keeps its own copy of the bytes', async () => {
    const raw = Buffer.from('before')
    const sent = platform.outbox.send({ sendId: 's1', envelopeFrom: null, envelopeTo: 'a@example.org', raw })
    raw.write('after!')
    expect(Buffer.from(await platform.outbox.raw((await sent).mailerMessageId)).toString()).toBe('before')
  })

  it('what is not there is undefined or not_found, what is malformed refused', async () => {
    const { outbox } = platform
    expect(await outbox.get('none')).toBeUndefined()
    await expect(outbox.raw('none')).rejects.toMatchObject({ code: 'outbox.not_found' })
    await expect(outbox.list({ limit: 0 })).rejects.toMatchObject({ code: 'outbox.bad_request' })
    for (const cursor of ['', 'x', 'W10'])
      await expect(outbox.list({ limit: 1, cursor })).rejects.toMatchObject({ code: 'outbox.bad_cursor' })
  })

  it('get answers what list does', async () => {
    const id = await send('s1')
    const { mails } = await platform.outbox.list({ limit: 1 })
    expect(await platform.outbox.get(id)).toEqual(mails[0])
  })
})
