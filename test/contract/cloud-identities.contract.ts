import { describe, expect, it } from 'vitest'
import type { EmailIdentities } from '#control-plane/cloud/email-identities.ts'
import { type CloudSubject, demand, TAGS, until } from './cloud-subject.ts'
import { expectFailure, freshName } from './contract-case.ts'

export function describeEmailIdentities(subject: () => CloudSubject): void {
  const identities = (): EmailIdentities => subject().cloud.at(subject().place).emailIdentities

  async function created(stem: string) {
    const emailIdentity = `${freshName(stem)}.example.com`
    const { dkimTokens } = await identities().create({ emailIdentity, tags: TAGS })
    return { emailIdentity, dkimTokens }
  }

  function showDkim(emailIdentity: string, tokens: readonly string[]): void {
    for (const token of tokens)
      subject().showRecord(`${token}._domainkey.${emailIdentity}`, 'CNAME', `${token}.dkim.amazonses.com`)
  }

  describe('email identities', () => {
    it('a new one has three tokens and waits; it is verified once all three records are seen', async () => {
      const { emailIdentity, dkimTokens } = await created('verified')
      expect(new Set(dkimTokens).size).toBe(3)
      expect(await identities().read(emailIdentity)).toMatchObject({
        emailIdentity,
        isVerified: false,
        dkim: { status: 'PENDING', tokens: dkimTokens },
        tags: TAGS,
      })
      showDkim(emailIdentity, dkimTokens.slice(1))
      await subject().passTime(300)
      const half = await identities().read(emailIdentity)
      expect(half).toMatchObject({ isVerified: false, verificationError: 'HOST_NOT_FOUND' })
      showDkim(emailIdentity, dkimTokens)
      const look = () => identities().read(emailIdentity)
      const seen = demand(await until(subject(), look, (now) => now?.dkim.status === 'SUCCESS'))
      expect(seen.isVerified).toBe(true)
      expect(seen.verificationError).toBeUndefined()
    })

    it('MAIL FROM waits for its own records', async () => {
      const { emailIdentity, dkimTokens } = await created('bounces')
      showDkim(emailIdentity, dkimTokens)
      expect(demand(await identities().read(emailIdentity)).mailFrom).toBeUndefined()
      const mailFromDomain = `bounce.${emailIdentity}`
      await identities().setMailFrom({ emailIdentity, mailFromDomain })
      await identities().setMailFrom({ emailIdentity, mailFromDomain })
      expect(demand(await identities().read(emailIdentity)).mailFrom).toEqual({
        domainName: mailFromDomain,
        status: 'PENDING',
      })
      const { region } = subject().place
      subject().showRecord(mailFromDomain, 'MX', `10 feedback-smtp.${region}.amazonses.com`)
      subject().showRecord(mailFromDomain, 'TXT', 'v=spf1 include:amazonses.com -all')
      const look = async () => (await identities().read(emailIdentity))?.mailFrom?.status
      await until(subject(), look, (status) => status === 'SUCCESS')
    })

    it('a second of the same name exists already, and the first keeps its tags', async () => {
      const { emailIdentity } = await created('twice')
      await expectFailure(identities().create({ emailIdentity, tags: { other: 'x' } }), 'cloud.exists')
      expect(demand(await identities().read(emailIdentity)).tags).toEqual(TAGS)
    })

    it('to be looked at again it needs no other records while it waits', async () => {
      const { emailIdentity } = await created('again')
      await identities().stopFeedbackForwarding(emailIdentity)
      const { dkimTokens } = await identities().rearmDkim(emailIdentity)
      expect(demand(await identities().read(emailIdentity)).dkim).toMatchObject({
        status: 'PENDING',
        tokens: dkimTokens,
      })
    })

    it('a deleted one is gone, and is deleted again without harm', async () => {
      const { emailIdentity } = await created('deleted')
      await identities().delete(emailIdentity)
      await identities().delete(emailIdentity)
      expect(await identities().read(emailIdentity)).toBeUndefined()
      const mailFromDomain = `bounce.${emailIdentity}`
      await expectFailure(identities().setMailFrom({ emailIdentity, mailFromDomain }), 'cloud.gone')
      await expectFailure(identities().rearmDkim(emailIdentity), 'cloud.gone')
      await expectFailure(identities().stopFeedbackForwarding(emailIdentity), 'cloud.gone')
    })

    it('a configuration set that is not there is told as such', async () => {
      const emailIdentity = `${freshName('no-set')}.example.com`
      const asked = identities().create({ emailIdentity, configurationSetName: freshName('no-set'), tags: TAGS })
      await expectFailure(asked, 'cloud.gone')
      expect(await identities().read(emailIdentity)).toBeUndefined()
    })

    it('another account has another identity of the name', async () => {
      const { emailIdentity } = await created('foreign')
      const others = subject().cloud.at(subject().otherPlace).emailIdentities
      expect(await others.read(emailIdentity)).toBeUndefined()
    })

    it('the quota counts what is there', async () => {
      const { quotas } = subject().cloud.at(subject().place)
      const before = await quotas.read('email_identities')
      await created('counted')
      expect((await quotas.read('email_identities')).used).toBe(before.used + 1)
    })
  })
}
