import { defineFailures } from '#shared/errors/failure.ts'

export type BlobInfo = {
  readonly key: string
  readonly sizeBytes: number /** Epoch milliseconds. */
  readonly storedAt: number
}

export const BlobFailure = defineFailures('blob', {
  not_found: { status: 404, retry: false },
  /** Keys are 1 to 900 bytes of `A-Z a-z 0-9 ! - _ . * ' ( ) /`, no empty or dot segment. */
  bad_key: { status: 400, retry: false },
  bad_cursor: { status: 400, retry: false },
  bad_request: { status: 400, retry: false },
})

/** One tenant's objects (S3). A put is whole or not at all, and is durable when it returns. */
export interface Blobs {
  put(key: string, bytes: Uint8Array): Promise<void>
  /** `blob.not_found` when there is none. */
  get(key: string): Promise<Uint8Array>
  head(key: string): Promise<BlobInfo | undefined>
  /** Succeeds when there is none. */
  delete(key: string): Promise<void>
  /** Keys under `prefix` in UTF-8 order, at most `limit` (1 to 1000) a page (S3 ListObjectsV2). */
  list(
    prefix: string,
    options: { readonly limit: number; readonly cursor?: string },
  ): Promise<{ readonly blobs: readonly BlobInfo[]; readonly cursor?: string }>
}
