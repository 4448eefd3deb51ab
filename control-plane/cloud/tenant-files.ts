type Place = { readonly bucketName: string; readonly key: string }

/** Objects of S3: the licence file of a tenant, the manifest of a release. A put is whole or not at all, and the last one holds. */
export interface TenantFiles {
  /** `gone`: there is no such bucket. */
  put(input: Place & { readonly bytes: Uint8Array; readonly contentType: string }): Promise<void>
  get(place: Place): Promise<Uint8Array | undefined>
  /** Keys below a prefix, all of them, in their order. */
  list(input: { readonly bucketName: string; readonly prefix: string }): Promise<readonly string[]>
}
