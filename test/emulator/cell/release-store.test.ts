import { CreateBucketCommand } from '@aws-sdk/client-s3'
import { describe, expect, inject, it } from 'vitest'
import { createS3ReleaseStore } from '#infra/delivery/s3-release-store.ts'
import { createS3Client } from '#shared/platform/aws/s3-client.ts'
import { freshName } from '#test/contract/contract-case.ts'
import { pointSdkAt } from '#test/harness/emulator/sdk-environment.ts'

describe('the release bucket on S3', () => {
  it('takes each key once, and tells who was first', async () => {
    pointSdkAt(inject('emulatorEndpoint'))
    const bucketName = freshName('releases')
    await createS3Client({ forcePathStyle: true }).send(new CreateBucketCommand({ Bucket: bucketName }))
    const store = createS3ReleaseStore(bucketName, { forcePathStyle: true })
    expect([await store.has('releases/1.json'), await store.get('releases/1.json')]).toEqual([false, undefined])
    const put = (text: string) => store.putNew('releases/1.json', Buffer.from(text), 'application/json')
    expect([await put('first'), await put('second')]).toEqual([true, false])
    expect(Buffer.from((await store.get('releases/1.json')) ?? '').toString()).toBe('first')
    expect(await store.has('releases/1.json')).toBe(true)
  })
})
