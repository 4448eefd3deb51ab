import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Estate, openEstate } from '#test/harness/aws/estate.ts'
import { forEmulator } from '#test/harness/aws/for-emulator.ts'
import { createStack, deleteStack } from '#test/harness/aws/stacks.ts'

let estate: Estate

beforeAll(async () => {
  estate = await openEstate()
})
afterAll(async () => {
  await estate.close()
})

describe('a tenant outside a cell', () => {
  const parameters = () => ({
    ...estate.tenantParameters(`ten_${'0'.repeat(25)}3`, 'three.example.net'),
    Placement: 'dedicated',
    CellRouterRoleArn: '',
    RuleSetActivatorArn: estate.cell.outputs.RuleSetActivatorArn ?? '',
  })
  /** SES's rules are left out, their activation is not. */
  const own = () => forEmulator(estate.publishedTemplate, ['AWS::SES::ReceiptRuleSet', 'AWS::SES::ReceiptRule'])

  it('is refused, with words, while somebody else’s receipt rule set is active, and leaves that alone', async () => {
    estate.ruleSets.set('somebody-elses')
    const templateUrl = await estate.place('dedicated', own())
    await expect(
      createStack(estate.aws, { stackName: 'convoke-refused', templateUrl, parameters: parameters() }),
    ).rejects.toThrow(/"somebody-elses" is active/)
    expect(estate.ruleSets.active()).toBe('somebody-elses')
  })

  it('activates its own where none is, watches its own queues, and deactivates it when it goes', async () => {
    estate.ruleSets.set(undefined)
    const templateUrl = await estate.place('dedicated', own())
    const three = await createStack(estate.aws, { stackName: 'convoke-three', templateUrl, parameters: parameters() })
    expect(estate.ruleSets.active()).toMatch(/^convoke-three-/)
    const types = three.resources.map(({ ResourceType }) => ResourceType)
    expect(types.filter((type) => type === 'AWS::CloudWatch::Alarm').length).toBeGreaterThan(0)
    expect(types).toContain('AWS::CloudWatch::Dashboard')
    await deleteStack(estate.aws, 'convoke-three')
    expect(estate.ruleSets.active()).toBeUndefined()
  })

  it('cannot be stamped without what its placement needs', async () => {
    const templateUrl = await estate.place('dedicated', own())
    const lacking = { ...parameters(), RuleSetActivatorArn: '' }
    await expect(
      createStack(estate.aws, { stackName: 'convoke-lacking', templateUrl, parameters: lacking }),
    ).rejects.toThrow(/RuleSetActivatorArn/)
  })
})
