import { randomUUID } from 'node:crypto'
import { PutObjectCommand } from '@aws-sdk/client-s3'
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns'
import type { Tenant } from '#control-plane/core/tenant/tenant.ts'
import { INBOUND_PREFIX } from '#shared/contracts/notices.ts'
import { awsClients } from '#test/harness/aws/clients.ts'
import type { Estate } from '#test/harness/aws/estate.ts'
import { receiveByCell } from '#test/harness/aws/outside-world.ts'
import type { SentMail } from '#test/harness/cloud/ses-as-documented.ts'
import { sesNotice } from '#test/harness/tenant/ses-notice.ts'
import { asRoot } from './aws-organization.ts'

/** A mail as SES receives it for a tenant: by the cell's inlet, or by the receipt rule of the tenant's own stack. */
export async function receiveFor(estate: Estate, tenant: Tenant, { from, to, subject, text }: SentMail): Promise<void> {
  const recipients = to.filter((address) => address.endsWith(`@${tenant.domainName}`))
  const messageId = randomUUID().replaceAll('-', '')
  const raw = Buffer.from(`From: ${from}\r\nTo: ${recipients.join(', ')}\r\nSubject: ${subject}\r\n\r\n${text}\r\n`)
  if (tenant.placement === 'cell') return receiveByCell(estate, { messageId, raw, recipients, from })
  const { bucketName = '', mailTopicArn } = tenant.resources
  const { endpoint } = estate.emulator
  const account = tenant.awsAccountId ?? ''
  const { s3 } = awsClients(endpoint, account)
  const Key = `${INBOUND_PREFIX}${messageId}`
  await s3.send(new PutObjectCommand({ Bucket: bucketName, Key, Body: raw }))
  const notice = sesNotice({ messageId, recipients, source: from, from, bucketName, objectKey: Key })
  const sns = new SNSClient(asRoot(endpoint, account))
  await sns.send(new PublishCommand({ TopicArn: mailTopicArn, Message: JSON.stringify(notice) }))
  sns.destroy()
}
