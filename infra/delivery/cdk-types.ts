import type { IBucket } from 'aws-cdk-lib/aws-s3'
import type { IFileSetProducer } from 'aws-cdk-lib/pipelines'

// The library's own classes declare optional members in a way that exactOptionalPropertyTypes refuses to be their interfaces.

/** A source or a step as a step's input. */
export function asInput(producer: {
  readonly primaryOutput?: IFileSetProducer['primaryOutput'] | undefined
}): IFileSetProducer {
  return producer as IFileSetProducer
}

/** A bucket as others take it. */
export function asBucket(bucket: Omit<IBucket, 'isWebsite'>): IBucket {
  return bucket as IBucket
}
