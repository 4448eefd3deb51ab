import { ListObjectsV2Command } from '@aws-sdk/client-s3'
import { PublishCommand } from '@aws-sdk/client-sns'
import { SetQueueAttributesCommand } from '@aws-sdk/client-sqs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sendFateOf } from '#shared/runtime/send-fate.ts'
import { findDelivery, findInboundMail } from '#tenant-stack/core/inbound-mail/inbound-ledger.ts'
import { type Estate, openEstate } from '#test/harness/aws/estate.ts'
import { eventually } from '#test/harness/aws/eventually.ts'
import { crlf, looksAt } from '#test/harness/aws/looks.ts'
import { receiveByCell, sentTo } from '#test/harness/aws/outside-world.ts'
import { stampTenant, type TenantOnAws } from '#test/harness/aws/tenant-on-aws.ts'
import { readSample } from '#test/harness/samples.ts'
import { organizerMail } from '../../fixtures/organizer-mails.ts'

let estate: Estate
let look: ReturnType<typeof looksAt>
let one: TenantOnAws
let two: TenantOnAws

beforeAll(async () => {
  estate = await openEstate()
  look = looksAt(estate)
  one = await stampTenant(estate, 'one', `ten_${'0'.repeat(25)}1`)
  two = await stampTenant(estate, 'two', `ten_${'0'.repeat(25)}2`)
})
afterAll(async () => {
  await estate.close()
})

/** Makes an event of `tenant` by mail; its id. */
async function createEvent(tenant: TenantOnAws, messageId: string): Promise<string> {
  const raw = crlf(organizerMail({ uid: `${messageId}@example.com` }))
  await receiveByCell(estate, { messageId, raw, recipients: [tenant.create] })
  return (await look.outcomeOf(tenant, messageId)).eventIds[0] ?? ''
}

describe('what goes wrong', () => {
  it('a send that broke off after SES took it is not sent again: the event feed tells of it', async () => {
    const created = await createEvent(two, 'create2')
    await eventually('its created mail', () => estate.ses.mails.find(({ tenantName }) => tenantName === 'convoke-two'))
    await look.atRest(two)
    estate.ses.behaveNext({ kind: 'drop', isTaken: true })
    const answer = await two.api(`/v1/events/${created}/invitations`, {
      method: 'POST',
      body: { email: 'carol@example.org' },
    })
    expect(answer).toMatchObject({ status: 202 })
    const broken = await sentTo(estate, 'carol@example.org')
    const sendId = broken.mail.tags.sendId ?? ''
    await look.atRest(two)
    expect(await sendFateOf(two.ctx.table, sendId)).toEqual({ fate: 'unknown' })
    const sesEvent = {
      eventType: 'Send',
      mail: { messageId: broken.mail.messageId, timestamp: '2026-11-24T10:00:00.000Z', tags: { sendId: [sendId] } },
    }
    await estate.aws.sns.send(
      new PublishCommand({ TopicArn: two.stack.outputs.SendEventsTopicArn, Message: JSON.stringify(sesEvent) }),
    )
    const fate = await eventually('the fate of the send', async () => {
      const found = await sendFateOf(two.ctx.table, sendId)
      return found.fate === 'accepted' ? found : undefined
    })
    expect(fate).toEqual({ fate: 'accepted', mailerMessageId: broken.mail.messageId })
    expect(estate.ses.mails.filter(({ toAddresses }) => toAddresses.includes('carol@example.org'))).toHaveLength(1)
  })

  it('a poison message ends among the dead letters after its receives, and keeps nobody from his mail', async () => {
    const QueueUrl = `${one.stack.outputs.QueueUrlPrefix}inlet`
    await estate.aws.sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { VisibilityTimeout: '1' } }))
    await estate.aws.sns.send(
      new PublishCommand({ TopicArn: one.stack.outputs.MailTopicArn, Message: '{"poison":true}' }),
    )
    await eventually('the dead letter', async () => ((await look.depthOf(one, 'inlet-dlq')) === 1 ? true : undefined))
    await estate.aws.sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { VisibilityTimeout: '360' } }))
    await receiveByCell(estate, {
      messageId: 'after1',
      raw: readSample('apple-timed-attachment'),
      recipients: [one.create],
    })
    expect(await look.outcomeOf(one, 'after1')).toMatchObject({ kind: 'acted' })
  })
})

describe('two tenants in one cell', () => {
  it('a mail for both reaches both, and neither’s notice, row or bucket shows the other’s recipient', async () => {
    const raw = crlf(organizerMail({ uid: 'both@example.com' }).replace(/^To: .*$/m, 'To: undisclosed-recipients:;'))
    await receiveByCell(estate, { messageId: 'both1', raw, recipients: [one.create, two.create] })
    for (const tenant of [one, two])
      expect(await look.outcomeOf(tenant, 'both1')).toMatchObject({ kind: 'acted', reason: 'created' })
    for (const [tenant, other] of [
      [one, two],
      [two, one],
    ] as const) {
      const row = await findInboundMail(tenant.ctx, 'mail_both1')
      expect(row?.recipients).toEqual([tenant.create])
      expect(JSON.stringify(row)).not.toContain(other.domainName)
      const stored = Buffer.from(await tenant.ctx.blobs.get('inbound/both1'))
      expect(stored.toString('latin1')).not.toContain(other.domainName)
      expect(stored.subarray(-raw.length).equals(raw)).toBe(true)
      expect(await findDelivery(tenant.ctx, 'mail_both1', other.create)).toBeUndefined()
    }
    const { Contents } = await estate.aws.s3.send(
      new ListObjectsV2Command({ Bucket: estate.cell.outputs.InletBucketName, Prefix: 'inlet/' }),
    )
    expect(Contents ?? []).toEqual([])
  })

  it('neither sees the other’s events, whoever’s key is used', async () => {
    const eventId = await createEvent(one, 'create3')
    expect(await one.api(`/v1/events/${eventId}`)).toMatchObject({ status: 200 })
    expect(await two.api(`/v1/events/${eventId}`)).toMatchObject({ status: 404, body: { code: 'event.not_found' } })
    expect(await two.api(`/v1/events/${eventId}`, { key: one.key })).toMatchObject({ status: 401 })
    const listed = JSON.stringify((await two.api('/v1/events')).body)
    expect(listed).not.toContain(eventId)
  })

  it('no function of either was refused anything by its role', () => {
    expect(
      estate.emulator
        .logs()
        .split('\n')
        .filter((line) => /not authorized|AccessDenied/i.test(line)),
    ).toEqual([])
  })
})
