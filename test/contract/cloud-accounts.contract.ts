import { randomInt } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { AccountCreation, Organizations } from '#control-plane/cloud/organizations.ts'
import { type CloudSubject, demand, TAGS, until } from './cloud-subject.ts'
import { expectFailure, freshName } from './contract-case.ts'

async function created(subject: CloudSubject, stem: string) {
  const accountName = freshName(stem)
  const email = `aws+${accountName}@example.com`
  const asked = await subject.cloud.organizations.createAccount({ email, accountName, tags: TAGS })
  const ended = await ending(subject, asked)
  return { accountName, email, asked, ended, awsAccountId: demand(ended.awsAccountId) }
}

async function ending(subject: CloudSubject, { createAccountRequestId }: AccountCreation): Promise<AccountCreation> {
  const look = async () => demand(await subject.cloud.organizations.describeCreation(createAccountRequestId))
  return until(subject, look, ({ state }) => state !== 'IN_PROGRESS')
}

export function describeAccounts(subject: () => CloudSubject): void {
  const organizations = (): Organizations => subject().cloud.organizations

  describe('accounts of the organisation', () => {
    it('a creation takes its time, and then tells the account with its tags and parent', async () => {
      const { asked, ended, accountName, email, awsAccountId } = await created(subject(), 'takes-time')
      expect(asked.state).toBe('IN_PROGRESS')
      expect(asked.awsAccountId).toBeUndefined()
      expect(ended).toMatchObject({ state: 'SUCCEEDED', accountName })
      expect(awsAccountId).toMatch(/^\d{12}$/)
      expect(await organizations().describeAccount(awsAccountId)).toMatchObject({ accountName, email, state: 'ACTIVE' })
      expect(await organizations().tagsOf(awsAccountId)).toEqual(TAGS)
      expect(await organizations().parentOf(awsAccountId)).toBe(subject().rootParentId)
    })

    it('an e-mail that is taken fails the creation, and finds the account that has it', async () => {
      const { email, awsAccountId } = await created(subject(), 'taken')
      const again = await organizations().createAccount({ email, accountName: freshName('again'), tags: TAGS })
      expect(await ending(subject(), again)).toMatchObject({ state: 'FAILED', failureReason: 'EMAIL_ALREADY_EXISTS' })
      const found = await until(
        subject(),
        () => organizations().findByEmail(email),
        (seen) => seen !== undefined,
      )
      expect(found?.awsAccountId).toBe(awsAccountId)
    })

    it('requests are listed by the name of the account', async () => {
      const { asked, accountName } = await created(subject(), 'listed')
      const all = await until(
        subject(),
        () => organizations().listCreations(),
        (seen) => seen.some((one) => one.accountName === accountName),
      )
      expect(all.find((one) => one.accountName === accountName)?.createAccountRequestId).toBe(
        asked.createAccountRequestId,
      )
    })

    it('an account is moved from where it is, and from nowhere else', async () => {
      const { awsAccountId } = await created(subject(), 'moved')
      const { rootParentId, unitParentId } = subject()
      await organizations().moveAccount({ awsAccountId, fromParentId: rootParentId, toParentId: unitParentId })
      expect(await organizations().parentOf(awsAccountId)).toBe(unitParentId)
      const again = { awsAccountId, fromParentId: rootParentId, toParentId: unitParentId }
      await expectFailure(organizations().moveAccount(again), 'cloud.conflict')
    })

    it('a closed account is closed again without harm', async () => {
      const { awsAccountId } = await created(subject(), 'closed')
      await organizations().closeAccount(awsAccountId)
      await organizations().closeAccount(awsAccountId)
      const { state } = demand(await organizations().describeAccount(awsAccountId))
      expect(['PENDING_CLOSURE', 'SUSPENDED', 'CLOSED']).toContain(state)
    })

    it('what is not there is undefined to reads and gone to writes', async () => {
      const awsAccountId = String(randomInt(100_000_000_000, 199_999_999_999))
      expect(await organizations().describeAccount(awsAccountId)).toBeUndefined()
      expect(await organizations().describeCreation('car-00000000')).toBeUndefined()
      expect(await organizations().findByEmail(`${freshName('nobody')}@example.com`)).toBeUndefined()
      const { rootParentId: fromParentId, unitParentId: toParentId } = subject()
      await expectFailure(organizations().moveAccount({ awsAccountId, fromParentId, toParentId }), 'cloud.gone')
      await expectFailure(organizations().closeAccount(awsAccountId), 'cloud.gone')
    })
  })
}
