import { issueLicenceFile } from '#control-plane/core/licence/issue-licence-file.ts'
import { LICENCE_FILE_KEY, LicenceFile, LicencePayload } from '#shared/contracts/licence-file.ts'
import { factOf, type Step, type Work } from '../step.ts'

/** The signed file that the tenant's stack lives by, read back from its bucket. */
export const writeLicence: Step = {
  name: 'write_licence',
  sentence: 'Your server is told of your licence.',
  vendorSentence: 'S3: licence file written and read back.',
  async ensure(work) {
    const bytes = new TextEncoder().encode(JSON.stringify(issueLicenceFile(work.ctx, await work.licence())))
    const bucketName = factOf(work, 'bucketName')
    await work.call('s3', (cloud) =>
      cloud.tenantFiles.put({ bucketName, key: LICENCE_FILE_KEY, bytes, contentType: 'application/json' }),
    )
    return undefined
  },
  async observe(work) {
    const bucketName = factOf(work, 'bucketName')
    const bytes = await work.call('s3', (cloud) => cloud.tenantFiles.get({ bucketName, key: LICENCE_FILE_KEY }))
    return bytes !== undefined && (await saysTheSame(work, bytes)) ? { kind: 'done' } : { kind: 'absent' }
  },
}

/** The time of issue alone may differ; a file that cannot be read is written anew. */
async function saysTheSame(work: Work, bytes: Uint8Array): Promise<boolean> {
  const found = payloadOf(new TextDecoder().decode(bytes))
  const wanted = payloadOf(JSON.stringify(issueLicenceFile(work.ctx, await work.licence())))
  return found !== undefined && JSON.stringify(found) === JSON.stringify(wanted)
}

function payloadOf(text: string): Omit<LicencePayload, 'issuedAt'> | undefined {
  const file = LicenceFile.safeParse(parsed(text))
  if (!file.success) return undefined
  const payload = LicencePayload.safeParse(parsed(decoded(file.data.payload)))
  if (!payload.success) return undefined
  const { issuedAt: _, ...rest } = payload.data
  return rest
}

function decoded(base64url: string): string {
  const base64 = base64url.replaceAll('-', '+').replaceAll('_', '/')
  return new TextDecoder().decode(Uint8Array.from(atob(base64), (char) => char.charCodeAt(0)))
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}
