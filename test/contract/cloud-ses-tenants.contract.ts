import { describe, expect, it } from 'vitest'
import type { PlaceCloud } from '#control-plane/cloud/cloud.ts'
import { type CloudSubject, TAGS } from './cloud-subject.ts'
import { expectFailure, freshName } from './contract-case.ts'

export function describeSesTenants(subject: () => CloudSubject): void {
  const at = (): PlaceCloud => subject().cloud.at(subject().place)

  async function created(stem: string) {
    const tenantName = freshName(stem)
    const { tenantArn } = await at().sesTenants.create({ tenantName, tags: TAGS })
    return { tenantName, tenantArn }
  }

  async function identityArn(stem: string) {
    const { awsAccountId, region } = subject().place
    const emailIdentity = `${freshName(stem)}.example.com`
    await at().emailIdentities.create({ emailIdentity, tags: TAGS })
    return { emailIdentity, resourceArn: `arn:aws:ses:${region}:${awsAccountId}:identity/${emailIdentity}` }
  }

  describe('tenants of SES', () => {
    it('a new one may send and has its tags', async () => {
      const { tenantName, tenantArn } = await created('new')
      expect(await at().sesTenants.read(tenantName)).toEqual({
        tenantName,
        tenantArn,
        sendingStatus: 'ENABLED',
        tags: TAGS,
      })
      await expectFailure(at().sesTenants.create({ tenantName, tags: TAGS }), 'cloud.exists')
    })

    it('an identity is associated once, however often it is asked for, and cannot be deleted meanwhile', async () => {
      const { tenantName } = await created('associated')
      const { emailIdentity, resourceArn } = await identityArn('associated')
      expect(await at().sesTenants.associations(tenantName)).toEqual([])
      await at().sesTenants.associate({ tenantName, resourceArn })
      await at().sesTenants.associate({ tenantName, resourceArn })
      expect(await at().sesTenants.associations(tenantName)).toEqual([resourceArn])
      await expectFailure(at().emailIdentities.delete(emailIdentity), 'cloud.in_use')
      await at().sesTenants.dissociate({ tenantName, resourceArn })
      await at().sesTenants.dissociate({ tenantName, resourceArn })
      expect(await at().sesTenants.associations(tenantName)).toEqual([])
      await at().emailIdentities.delete(emailIdentity)
    })

    it('what is not there yet cannot be associated', async () => {
      const { tenantName } = await created('early')
      const { awsAccountId, region } = subject().place
      const resourceArn = `arn:aws:ses:${region}:${awsAccountId}:identity/${freshName('none')}.example.com`
      await expectFailure(at().sesTenants.associate({ tenantName, resourceArn }), 'cloud.gone')
      const known = await identityArn('early')
      const nobody = { tenantName: freshName('nobody'), resourceArn: known.resourceArn }
      await expectFailure(at().sesTenants.associate(nobody), 'cloud.gone')
    })

    it('it is stopped and let send again', async () => {
      const { tenantName, tenantArn } = await created('stopped')
      await at().sesTenants.setReputationPolicy({ tenantArn, policy: 'strict' })
      expect(await at().sesTenants.reputationPolicyOf(tenantArn)).toBe('strict')
      await at().sesTenants.setReputationPolicy({ tenantArn, policy: 'standard' })
      expect(await at().sesTenants.reputationPolicyOf(tenantArn)).toBe('standard')
      await at().sesTenants.setSendingStatus({ tenantArn, status: 'DISABLED' })
      expect((await at().sesTenants.read(tenantName))?.sendingStatus).toBe('DISABLED')
      await at().sesTenants.setSendingStatus({ tenantArn, status: 'ENABLED' })
      expect((await at().sesTenants.read(tenantName))?.sendingStatus).not.toBe('DISABLED')
    })

    it('a deleted one is gone, and is deleted again without harm', async () => {
      const { tenantName, tenantArn } = await created('deleted')
      await at().sesTenants.delete(tenantName)
      await at().sesTenants.delete(tenantName)
      expect(await at().sesTenants.read(tenantName)).toBeUndefined()
      expect(await at().sesTenants.associations(tenantName)).toBeUndefined()
      expect(await at().sesTenants.reputationPolicyOf(tenantArn)).toBeUndefined()
      await expectFailure(at().sesTenants.setSendingStatus({ tenantArn, status: 'DISABLED' }), 'cloud.gone')
    })
  })
}
