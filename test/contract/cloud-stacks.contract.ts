import { describe, expect, it } from 'vitest'
import { stackCase } from './cloud-stack-case.ts'
import { type CloudSubject, demand, TAGS, until } from './cloud-subject.ts'
import { expectFailure, freshName } from './contract-case.ts'

export function describeStacks(subject: () => CloudSubject): void {
  const stackOf = (stem: string) => stackCase(subject, stem)
  const at = () => subject().cloud.at(subject().place)

  describe('stacks', () => {
    it('a made one tells its parameters, outputs, tags, resources and events', async () => {
      const { stacks, stackName, parameters, create } = stackOf('made')
      const made = await create({ Note: 'mine' })
      expect(made).toMatchObject({ stackName, status: 'CREATE_COMPLETE', tags: TAGS })
      expect(made.parameters).toEqual({ ...parameters, Note: 'mine', Extra: '' })
      expect(made.outputs).toMatchObject({ BucketName: `${stackName}-bucket`, TableName: `${stackName}-table` })
      expect(await stacks.read(made.stackId)).toEqual(made)
      const resources = demand(await stacks.resources(stackName))
      expect(resources.map(({ logicalId }) => logicalId).toSorted()).toEqual([
        'Bucket',
        'ReaderRole',
        'Sends',
        'Table',
        'Topic',
      ])
      const { events } = demand(await stacks.events({ stackName }))
      expect(events[0]).toMatchObject({ logicalId: stackName, status: 'CREATE_COMPLETE' })
      expect(events.map(({ status }) => status)).toContain('CREATE_IN_PROGRESS')
    })

    it('an update is told by its change set, never by the status alone', async () => {
      const { create, prepare, execute } = stackOf('updated')
      const made = await create()
      const { changeSetId, changeSet } = await prepare('UPDATE', { parameters: { Note: 'second' } })
      const updated = await execute(changeSet.changeSetName)
      expect(updated).toMatchObject({ status: 'UPDATE_COMPLETE', changeSetId, stackId: made.stackId })
      expect(updated.parameters.Note).toBe('second')
      expect(made.changeSetId).not.toBe(changeSetId)
    })

    it('a deleted one is known by its id alone, and leaves its table and bucket', async () => {
      const { stacks, stackName, create, remove } = stackOf('deleted')
      const made = await create()
      const { BucketName: bucketName = '', TableName: tableName = '' } = made.outputs
      expect((await remove(made)).status).toBe('DELETE_COMPLETE')
      expect(await stacks.read(stackName)).toBeUndefined()
      await stacks.delete({ stackName, clientRequestToken: freshName('d') })
      const data = at().tenantData
      expect(await data.bucketIsThere(bucketName)).toBe(true)
      expect(await data.tableStatus(tableName)).toBe('ACTIVE')
    })

    it('what it left is deleted by name: the table, and the bucket once it is empty', async () => {
      const { create, remove } = stackOf('left')
      const made = await create()
      const { BucketName: bucketName = '', TableName: tableName = '' } = made.outputs
      const { tenantFiles, tenantData } = at()
      for (const key of ['a/1', 'a/2', 'b'])
        await tenantFiles.put({ bucketName, key, bytes: Buffer.from(key), contentType: 'text/plain' })
      await remove(made)
      await expectFailure(tenantData.deleteBucket(bucketName), 'cloud.in_use')
      expect(await tenantData.emptyBucket(bucketName)).toEqual({ deleted: 3, isEmpty: true })
      expect(await tenantData.emptyBucket(bucketName)).toEqual({ deleted: 0, isEmpty: true })
      for (let times = 0; times < 2; times += 1) {
        await tenantData.deleteBucket(bucketName)
        await tenantData.deleteTable(tableName)
      }
      expect(await tenantData.bucketIsThere(bucketName)).toBe(false)
      expect(await tenantData.emptyBucket(bucketName)).toEqual({ deleted: 0, isEmpty: true })
      const look = () => tenantData.tableStatus(tableName)
      await until(subject(), look, (status) => status === undefined)
      await expectFailure(tenantData.unprotectTable(tableName), 'cloud.gone')
    })

    it('a failed creation is rolled back, leaves nothing, and has to be deleted before the next', async () => {
      const { stackName, prepare, execute, remove, create } = stackOf('failed')
      const { templateUrl, mend } = await subject().spoil(stackName)
      const { changeSet } = await prepare('CREATE', { templateUrl })
      const failed = await execute(changeSet.changeSetName)
      expect(failed.status).toBe('ROLLBACK_COMPLETE')
      expect(await at().tenantData.bucketIsThere(`${stackName}-bucket`)).toBe(false)
      expect(await at().tenantData.tableStatus(`${stackName}-table`)).toBeUndefined()
      mend()
      await expectFailure(prepare('CREATE'), 'cloud.exists')
      await expectFailure(prepare('UPDATE'), 'cloud.exists')
      await remove(failed)
      expect((await create()).status).toBe('CREATE_COMPLETE')
    })

    it('a failed update goes back to what was', async () => {
      const { stackName, create, prepare, execute } = stackOf('back')
      await create()
      const { templateUrl } = await subject().spoil(stackName)
      const { changeSet } = await prepare('UPDATE', { templateUrl, parameters: { Note: 'bad' } })
      const back = await execute(changeSet.changeSetName)
      expect(back.status).toMatch(/^UPDATE_ROLLBACK_/)
      expect(await at().tenantData.bucketIsThere(`${stackName}-bucket`)).toBe(true)
    })

    it('what it has not drifted from is in sync', async () => {
      const { stacks, stackName, create } = stackOf('drift')
      await create()
      const { driftDetectionId } = await stacks.detectDrift(stackName)
      const look = () => stacks.driftOf(driftDetectionId)
      const seen = await until(subject(), look, (now) => now?.detection !== 'DETECTION_IN_PROGRESS')
      expect(seen).toEqual({ detection: 'DETECTION_COMPLETE', drift: 'IN_SYNC', driftedResources: 0 })
    })

    it('a rollback is only continued where one has failed', async () => {
      const { stacks, stackName, create } = stackOf('continue')
      await create()
      const asked = stacks.continueUpdateRollback({ stackName, clientRequestToken: freshName('r') })
      await expectFailure(asked, 'cloud.invalid')
    })

    it('of a stack that is not there reads say undefined and writes gone', async () => {
      const { stacks, stackName } = stackOf('nowhere')
      expect(await stacks.read(stackName)).toBeUndefined()
      expect(await stacks.events({ stackName })).toBeUndefined()
      expect(await stacks.resources(stackName)).toBeUndefined()
      expect(await stacks.driftOf('00000000-0000-0000-0000-000000000000')).toBeUndefined()
      await expectFailure(stacks.detectDrift(stackName), 'cloud.gone')
    })

    it('another account may have a stack of the same name', async () => {
      const { stackName, create } = stackOf('foreign')
      await create()
      expect(await subject().cloud.at(subject().otherPlace).stacks.read(stackName)).toBeUndefined()
    })

    it('the quota counts what is there', async () => {
      const before = await at().quotas.read('stacks')
      await stackOf('counted').create()
      const after = await at().quotas.read('stacks')
      expect(after.used).toBe(before.used + 1)
      expect(after.limit).toBeGreaterThanOrEqual(after.used)
    })
  })

  describe('files of a tenant', () => {
    it('what was put last is got, and keys are listed below a prefix', async () => {
      const { outputs } = await stackOf('files').create()
      const bucketName = outputs.BucketName ?? ''
      const { tenantFiles } = at()
      const put = (key: string, words: string) =>
        tenantFiles.put({ bucketName, key, bytes: Buffer.from(words), contentType: 'application/json' })
      await put('licence/licence.json', '1')
      await put('licence/licence.json', '2')
      await put('other/x', '3')
      const got = demand(await tenantFiles.get({ bucketName, key: 'licence/licence.json' }))
      expect(Buffer.from(got).toString()).toBe('2')
      expect(await tenantFiles.list({ bucketName, prefix: 'licence/' })).toEqual(['licence/licence.json'])
      expect(await tenantFiles.get({ bucketName, key: 'licence/none' })).toBeUndefined()
    })

    it('where there is no bucket nothing is put', async () => {
      const bucketName = freshName('no-bucket')
      const asked = at().tenantFiles.put({ bucketName, key: 'a', bytes: Buffer.from('a'), contentType: 'text/plain' })
      await expectFailure(asked, 'cloud.gone')
      expect(await at().tenantFiles.get({ bucketName, key: 'a' })).toBeUndefined()
      expect(await at().tenantData.bucketIsThere(bucketName)).toBe(false)
    })
  })
}
