import type { Tags } from '../tags.ts'

type SdkTag = { Key: string; Value: string }

export function toSdkTags(tags: Tags): SdkTag[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }))
}

export function fromSdkTags(
  sdkTags: readonly { readonly Key?: string | undefined; readonly Value?: string | undefined }[] | undefined,
): Tags {
  return Object.fromEntries((sdkTags ?? []).map(({ Key = '', Value = '' }) => [Key, Value]))
}
