import { describe, expect, it } from 'vitest'
import { stackCase } from './cloud-stack-case.ts'
import { type CloudSubject, demand } from './cloud-subject.ts'

export function describeRoleRights(subject: () => CloudSubject): void {
  const rights = () => subject().cloud.at(subject().place).roleRights
  const roleArn = (roleName: string) => `arn:aws:iam::${subject().place.awsAccountId}:role/${roleName}`
  const tableArn = (tableName: string) => {
    const { awsAccountId, region } = subject().place
    return `arn:aws:dynamodb:${region}:${awsAccountId}:table/${tableName}`
  }

  describe('rights of roles', () => {
    it('a role of a stack may use its own table, and nobody else’s', async () => {
      const made = stackCase(subject, 'rights')
      const { outputs } = await made.create()
      const resources = (await subject().cloud.at(subject().place).stacks.resources(made.stackName)) ?? []
      const { physicalId = '' } = demand(resources.find(({ resourceType }) => resourceType === 'AWS::IAM::Role'))
      const ask = (tableName: string) =>
        rights().allowed({
          roleArn: roleArn(physicalId),
          actions: ['dynamodb:GetItem'],
          resourceArn: tableArn(tableName),
        })
      expect(await ask(outputs.TableName ?? '')).toEqual(['dynamodb:GetItem'])
      expect(await ask('convoke-neighbour-table')).toEqual([])
    })

    it('of a role that is not there nothing is known', async () => {
      const question = { actions: ['dynamodb:GetItem'], resourceArn: tableArn('convoke-a-table') }
      expect(await rights().allowed({ roleArn: roleArn('convoke-nobody'), ...question })).toBeUndefined()
    })
  })
}
