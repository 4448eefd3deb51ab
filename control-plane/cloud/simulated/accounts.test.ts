import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createTestCloud, type TestCloud } from '#test/harness/cloud/simulated-cloud.ts'

const region = 'eu-central-1'
const roleArn = 'arn:aws:iam::333333333333:role/baseline/operating'

let made: TestCloud
beforeEach(async () => {
  made = await createTestCloud({ limits: { accounts: 12 } })
})
afterEach(() => made.close())

const pass = (seconds: number) => made.platform.clock.advance(seconds)
const organizations = () => made.cloud.organizations

async function account(number: number): Promise<string> {
  const email = `aws+${number}@example.com`
  await organizations().createAccount({ email, accountName: `tenant ${number}`, tags: {} })
  pass(100)
  return (await organizations().findByEmail(email))?.awsAccountId ?? ''
}

describe('whom a place lets in', () => {
  const read = (place: { awsAccountId: string; roleArn?: string; externalId?: string }) =>
    made.cloud.at({ region, ...place }).identity.read()

  it('nobody into an account that is not there', async () => {
    await expect(read({ awsAccountId: '333333333333' })).rejects.toMatchObject({ code: 'cloud.denied' })
  })

  it('into the account of a customer with the secret of the tenant alone', async () => {
    const awsAccountId = '333333333333'
    await made.world.openAccount({ awsAccountId, trust: { roleArn, externalId: 'secret-a' } })
    expect(await read({ awsAccountId, roleArn, externalId: 'secret-a' })).toEqual({ awsAccountId, arn: roleArn })
    for (const wrong of [{}, { externalId: 'secret-b' }, { externalId: '' }])
      await expect(read({ awsAccountId, roleArn, ...wrong })).rejects.toMatchObject({ code: 'cloud.denied' })
    const foreign = roleArn.replace('333333333333', '444444444444')
    await expect(read({ awsAccountId, roleArn: foreign, externalId: 'secret-a' })).rejects.toMatchObject({
      code: 'cloud.denied',
    })
  })

  it('nobody into an account that was closed', async () => {
    const awsAccountId = await account(1)
    await read({ awsAccountId })
    await organizations().closeAccount(awsAccountId)
    await expect(read({ awsAccountId })).rejects.toMatchObject({ code: 'cloud.denied' })
  })
})

describe('the organisation', () => {
  it('makes one account at a time', async () => {
    const ask = (name: string) =>
      organizations().createAccount({ email: `${name}@example.com`, accountName: name, tags: {} })
    await ask('a')
    await expect(ask('b')).rejects.toMatchObject({ code: 'cloud.conflict' })
    pass(100)
    await ask('b')
  })

  it('has a limit of accounts, and of closures in 30 days', async () => {
    const made12: string[] = []
    for (let number = 0; number < 12; number += 1) made12.push(await account(number))
    await expect(account(12)).rejects.toMatchObject({ code: 'cloud.quota' })
    for (const awsAccountId of made12.slice(0, 10)) await organizations().closeAccount(awsAccountId)
    await expect(organizations().closeAccount(made12[10] ?? '')).rejects.toMatchObject({ code: 'cloud.quota' })
    pass(30 * 86_400)
    await organizations().closeAccount(made12[10] ?? '')
    pass(200)
    expect((await organizations().describeAccount(made12[10] ?? ''))?.state).toBe('CLOSED')
  })

  it('refuses what is no e-mail or no name', async () => {
    for (const [email, accountName] of [
      ['nobody', 'a'],
      ['a@example.com', ''],
      ['a@example.com', 'é'],
      ['a@example.com', 'x'.repeat(51)],
    ] as const)
      await expect(organizations().createAccount({ email, accountName, tags: {} })).rejects.toMatchObject({
        code: 'cloud.invalid',
      })
  })

  it('a new account is in the sandbox of SES until people have let it out', async () => {
    const { sesAccount } = made.cloud.at({ awsAccountId: await account(1), region })
    expect(await sesAccount.read()).toMatchObject({ hasProductionAccess: false, max24Hours: 200 })
    const ask = () =>
      sesAccount.askForProduction({ websiteUrl: 'https://example.com', useCase: 'x', contactEmail: 'a@example.com' })
    await ask()
    await expect(ask()).rejects.toMatchObject({ code: 'cloud.vendor_task' })
    expect((await sesAccount.read()).review?.status).toBe('PENDING')
    pass(86_400)
    expect(await sesAccount.read()).toMatchObject({ hasProductionAccess: true, review: { status: 'GRANTED' } })
  })
})
