import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs'
import { findDelivery } from '#tenant-stack/core/inbound-mail/inbound-ledger.ts'
import { pipelineNames } from '#tenant-stack/manifest.ts'
import type { Estate } from './estate.ts'
import { eventually } from './eventually.ts'
import type { TenantOnAws } from './tenant-on-aws.ts'

/** What a tenant's stack has come to, as its operator would look. */
export function looksAt(estate: Estate) {
  /** What became of a mail for one of the tenant's mailboxes. */
  function outcomeOf(tenant: TenantOnAws, messageId: string, recipient = tenant.create) {
    return eventually(
      `an outcome of ${messageId}`,
      async () => (await findDelivery(tenant.ctx, `mail_${messageId}`, recipient))?.outcome,
    )
  }

  /** Messages of a queue, waiting or in work. */
  async function depthOf(tenant: TenantOnAws, queueName: string): Promise<number> {
    const { Attributes } = await estate.aws.sqs.send(
      new GetQueueAttributesCommand({
        QueueUrl: `${tenant.stack.outputs.QueueUrlPrefix}${queueName}`,
        AttributeNames: ['All'],
      }),
    )
    return Number(Attributes?.ApproximateNumberOfMessages) + Number(Attributes?.ApproximateNumberOfMessagesNotVisible)
  }

  /** Returns once nothing waits in any queue of the tenant. */
  async function atRest(tenant: TenantOnAws): Promise<void> {
    await eventually(`rest in ${tenant.domainName}`, async () => {
      for (const queueName of pipelineNames()) if ((await depthOf(tenant, queueName)) > 0) return undefined
      return true
    })
  }

  return { outcomeOf, depthOf, atRest }
}

/** Line ends as mail has them. */
export function crlf(text: string): Buffer {
  return Buffer.from(text.replaceAll(/\r?\n/g, '\r\n'))
}
