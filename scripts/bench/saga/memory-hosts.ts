import type { DataHost, StackHost } from '#control-plane/cloud/simulated/simulation.ts'
import type { PresentStack } from '#shared/contracts/embedded-stack.ts'
import { BlobFailure, type BlobInfo, type Blobs } from '#shared/platform/blobs.ts'

export type MemoryStackHost = StackHost & {
  /** Whose stack takes the domain's mail. */
  readonly tenantOf: (domainName: string) => string | undefined
}

/** Stacks that open as soon as they are wanted; `fails` makes the next so many creations fail. */
export function createMemoryStackHost(options: { readonly fails?: () => string | undefined } = {}): MemoryStackHost {
  const present = new Map<string, PresentStack>()
  return {
    tenantOf: (domainName) =>
      [...present.values()].find(
        ({ parameters }) => parameters.DomainName === domainName && parameters.IdentityIsReady === 'true',
      )?.tenantId,
    async want(wanted) {
      const { stackName, tenantId, parameters } = wanted
      const before = present.get(stackName)
      if (before !== undefined && JSON.stringify(before.parameters) === JSON.stringify(parameters)) return
      const reason = options.fails?.()
      const outputs = {
        ApiUrl: `https://api.${wanted.domainName}`,
        PagesUrl: `https://go.${wanted.domainName}`,
        BucketName: `${stackName}-bucket`,
        TableName: `${stackName}-table`,
        MailTopicArn: `arn:aws:sns:eu-west-1:111111111111:${stackName}-mail-received`,
        ConfigurationSetName: stackName,
        ...((parameters.CertificateArn ?? '') === ''
          ? {}
          : { RegionalDomainName: `d-${stackName}.execute-api.example` }),
      }
      present.set(stackName, {
        stackName,
        tenantId,
        status: reason === undefined ? 'open' : 'failed',
        parameters,
        outputs,
        ...(reason === undefined ? {} : { reason }),
      })
    },
    async unwant(stackName) {
      present.delete(stackName)
    },
    present: async (stackName) => present.get(stackName),
  }
}

/** Buckets in memory, by tenant. */
export function createMemoryDataHost(): DataHost & { readonly tenants: () => readonly string[] } {
  const buckets = new Map<string, Map<string, Uint8Array>>()
  return {
    tenants: () => [...buckets.keys()],
    async bucket(tenantId) {
      const objects = buckets.get(tenantId) ?? new Map<string, Uint8Array>()
      buckets.set(tenantId, objects)
      return memoryBlobs(objects)
    },
    async removeBucket(tenantId) {
      buckets.delete(tenantId)
    },
    removeTable: async () => undefined,
  }
}

function memoryBlobs(objects: Map<string, Uint8Array>): Blobs {
  const infoOf = (key: string, bytes: Uint8Array): BlobInfo => ({ key, sizeBytes: bytes.length, storedAt: 0 })
  return {
    async put(key, bytes) {
      objects.set(key, bytes)
    },
    async get(key) {
      const bytes = objects.get(key)
      if (bytes === undefined) throw BlobFailure.not_found(`there is no ${key}`)
      return bytes
    },
    async head(key) {
      const bytes = objects.get(key)
      return bytes === undefined ? undefined : infoOf(key, bytes)
    },
    async delete(key) {
      objects.delete(key)
    },
    async list(prefix, { limit }) {
      const keys = [...objects.keys()].filter((key) => key.startsWith(prefix)).toSorted()
      const blobs = keys.slice(0, limit).map((key) => infoOf(key, objects.get(key) ?? new Uint8Array()))
      return keys.length > limit ? { blobs, cursor: 'more' } : { blobs }
    },
  }
}
