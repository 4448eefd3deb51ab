import { describe, expect, it } from 'vitest'
import type { PlaceCloud } from '#control-plane/cloud/cloud.ts'
import { stackCase } from './cloud-stack-case.ts'
import { type CloudSubject, demand, TAGS, until } from './cloud-subject.ts'
import { expectFailure, freshName } from './contract-case.ts'

const SIMULATOR_ADDRESS = 'success@simulator.amazonses.com'

export function describeProbeMails(subject: () => CloudSubject): void {
  const at = (): PlaceCloud => subject().cloud.at(subject().place)

  /** A tenant of SES with a configuration set, and an identity whose records are not there yet. */
  async function tenantOf(stem: string) {
    const { awsAccountId, region } = subject().place
    const arn = (resource: string) => `arn:aws:ses:${region}:${awsAccountId}:${resource}`
    const { stackName: configurationSetName } = await stackCase(subject, stem).create()
    const domainName = `${freshName(stem)}.example.com`
    const tenantName = freshName(stem)
    const { tenantArn } = await at().sesTenants.create({ tenantName, tags: TAGS })
    const { dkimTokens } = await at().emailIdentities.create({ emailIdentity: domainName, tags: TAGS })
    const associate = (resource: string) => at().sesTenants.associate({ tenantName, resourceArn: arn(resource) })
    await associate(`configuration-set/${configurationSetName}`)
    const to = `probe-1@${domainName}`
    return {
      tenantArn,
      to,
      associateIdentity: () => associate(`identity/${domainName}`),
      verify: async () => {
        for (const token of dkimTokens)
          subject().showRecord(`${token}._domainkey.${domainName}`, 'CNAME', `${token}.dkim.amazonses.com`)
        subject().showRecord(domainName, 'MX', `10 inbound-smtp.${region}.amazonaws.com`)
        await until(
          subject(),
          () => at().emailIdentities.read(domainName),
          (seen) => demand(seen).isVerified,
        )
      },
      send: () =>
        at().probeMails.send({
          tenantName,
          configurationSetName,
          from: `probe@${domainName}`,
          to: [SIMULATOR_ADDRESS, to],
          subject: 'A trial',
          text: 'It works.',
        }),
    }
  }

  describe('mails that try the way', () => {
    it('one is taken of a verified identity of the tenant, and comes to the domain’s own servers', async () => {
      const { associateIdentity, verify, send, to } = await tenantOf('probe')
      await associateIdentity()
      await verify()
      const { messageId } = await send()
      expect(messageId).not.toBe('')
      expect((await send()).messageId).not.toBe(messageId)
      const mails = subject()
        .received()
        .filter((mail) => mail.to === to)
      expect(mails).toHaveLength(2)
      expect(mails[0]).toMatchObject({ from: to.replace('probe-1', 'probe'), subject: 'A trial' })
    })

    it('none is taken before the identity is verified, or where it is not the tenant’s', async () => {
      const { associateIdentity, verify, send, to } = await tenantOf('probe-early')
      await expectFailure(send(), 'cloud.conflict')
      await associateIdentity()
      await expectFailure(send(), 'cloud.conflict')
      await verify()
      await send()
      expect(
        subject()
          .received()
          .filter((mail) => mail.to === to),
      ).toHaveLength(1)
    })

    it('none is taken of a tenant that was stopped', async () => {
      const { tenantArn, associateIdentity, verify, send } = await tenantOf('probe-stopped')
      await associateIdentity()
      await verify()
      await at().sesTenants.setSendingStatus({ tenantArn, status: 'DISABLED' })
      await expectFailure(send(), 'cloud.vendor_task')
    })
  })
}
