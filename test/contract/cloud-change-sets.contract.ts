import { describe, expect, it } from 'vitest'
import { stackCase } from './cloud-stack-case.ts'
import { type CloudSubject, demand, TAGS } from './cloud-subject.ts'
import { expectFailure, freshName } from './contract-case.ts'

export function describeChangeSets(subject: () => CloudSubject): void {
  const stackOf = (stem: string) => stackCase(subject, stem)

  describe('change sets', () => {
    it('the first one says what it would add, and nothing is there before it is executed', async () => {
      const { stacks, stackName, prepare } = stackOf('first')
      const { changeSetId, changeSet } = await prepare('CREATE')
      expect(changeSet).toMatchObject({ changeSetId, status: 'CREATE_COMPLETE', executionStatus: 'AVAILABLE' })
      expect(changeSet.isEmpty).toBe(false)
      const ids = changeSet.changes.map(({ logicalId, action }) => `${action} ${logicalId}`)
      expect(ids.toSorted()).toEqual(['Add Bucket', 'Add ReaderRole', 'Add Sends', 'Add Table', 'Add Topic'])
      expect((await stacks.read(stackName))?.status).toBe('REVIEW_IN_PROGRESS')
    })

    it('a name is taken once', async () => {
      const { stacks, stackName, parameters, prepare } = stackOf('name')
      const { changeSet } = await prepare('CREATE')
      const { changeSetName } = changeSet
      const templateUrl = await subject().publish('plain')
      const again = { stackName, changeSetName, type: 'CREATE', templateUrl, parameters, tags: TAGS } as const
      await expectFailure(stacks.createChangeSet({ ...again, clientToken: freshName('t') }), 'cloud.exists')
    })

    it('executed twice with one token it is executed once', async () => {
      const { stacks, stackName, prepare, execute } = stackOf('once')
      const { changeSetId, changeSet } = await prepare('CREATE')
      const { changeSetName } = changeSet
      const clientRequestToken = `x-${changeSetName}`
      await stacks.executeChangeSet({ stackName, changeSetName, clientRequestToken })
      const made = await execute(changeSetName)
      expect(made).toMatchObject({ status: 'CREATE_COMPLETE', changeSetId })
      const other = { stackName, changeSetName, clientRequestToken: freshName('o') }
      await expectFailure(stacks.executeChangeSet(other), 'cloud.conflict')
    })

    it('one that would change nothing is empty', async () => {
      const { create, prepare } = stackOf('empty')
      await create()
      const { changeSet } = await prepare('UPDATE')
      expect(changeSet).toMatchObject({ status: 'FAILED', isEmpty: true, changes: [], executionStatus: 'UNAVAILABLE' })
    })

    it('it tells a change in place from one that makes a thing anew', async () => {
      const { create, prepare } = stackOf('anew')
      await create()
      const inPlace = await prepare('UPDATE', { parameters: { Note: 'second' } })
      expect(inPlace.changeSet.changes).toEqual([
        { logicalId: 'Topic', resourceType: 'AWS::SNS::Topic', action: 'Modify', replacement: 'False' },
      ])
      const templateUrl = await subject().publish('replacing')
      const anew = await prepare('UPDATE', { templateUrl })
      expect(anew.changeSet.changes).toEqual([
        { logicalId: 'Topic', resourceType: 'AWS::SNS::Topic', action: 'Modify', replacement: 'True' },
      ])
    })

    it('a condition adds and removes', async () => {
      const { create, prepare, execute } = stackOf('condition')
      await create()
      const more = await prepare('UPDATE', { parameters: { Extra: 'yes' } })
      expect(more.changeSet.changes).toMatchObject([{ logicalId: 'More', action: 'Add' }])
      await execute(more.changeSet.changeSetName)
      const less = await prepare('UPDATE')
      expect(less.changeSet.changes).toMatchObject([{ logicalId: 'More', action: 'Remove' }])
    })

    it('a deleted one is not there, and is deleted again without harm', async () => {
      const { stacks, stackName, prepare } = stackOf('deleted')
      const { changeSetName } = (await prepare('CREATE')).changeSet
      await stacks.deleteChangeSet({ stackName, changeSetName })
      await stacks.deleteChangeSet({ stackName, changeSetName })
      expect(await stacks.describeChangeSet({ stackName, changeSetName })).toBeUndefined()
      const gone = { stackName, changeSetName, clientRequestToken: freshName('x') }
      await expectFailure(stacks.executeChangeSet(gone), 'cloud.gone')
    })

    it('wrong parameters, and a template that is not there, are invalid', async () => {
      const { prepare } = stackOf('wrong')
      const templateUrl = `${await subject().publish('plain')}.is-not-there`
      await expectFailure(prepare('CREATE', { templateUrl }), 'cloud.invalid')
      await expectFailure(prepare('CREATE', { parameters: { TenantId: 'not one' } }), 'cloud.invalid')
      await expectFailure(prepare('CREATE', { parameters: { Unknown: 'x' } }), 'cloud.invalid')
    })

    it('an update needs a stack, and a creation none', async () => {
      const { prepare, create } = stackOf('type')
      await expectFailure(prepare('UPDATE'), 'cloud.gone')
      await create()
      await expectFailure(prepare('CREATE'), 'cloud.exists')
    })

    it('the executed one is still told, and the others of before are not', async () => {
      const { stacks, stackName, create, prepare, execute } = stackOf('others')
      await create()
      const left = await prepare('UPDATE', { parameters: { Note: 'left' } })
      const taken = await prepare('UPDATE', { parameters: { Note: 'taken' } })
      await execute(taken.changeSet.changeSetName)
      const { changeSetName } = taken.changeSet
      const told = demand(await stacks.describeChangeSet({ stackName, changeSetName }))
      expect(told.executionStatus).toBe('EXECUTE_COMPLETE')
      const other = { stackName, changeSetName: left.changeSet.changeSetName }
      expect(await stacks.describeChangeSet(other)).toBeUndefined()
    })
  })
}
