import { CfnBucket, CfnBucketPolicy } from 'aws-cdk-lib/aws-s3'
import type { Construct } from 'constructs'
import { retainExceptOnCreate } from './retain.ts'
import { type MaybeStatement, policyDocument, refuseWithoutTls } from './statements.ts'

type Props = {
  /** Prefixes whose objects end by themselves, and after how many days. */
  readonly expiresAfterDays?: Readonly<Record<string, number>>
  /** Off for objects that are written once: versions would outlive retention and erasure, and cost twice. */
  readonly isVersioned: boolean
  readonly statements?: (bucketArn: string) => readonly MaybeStatement[]
}

/** A bucket nobody else reads: no public access, no ACLs, encrypted by S3, TLS only, kept when its stack goes. */
export class PrivateBucket extends CfnBucket {
  readonly policy: CfnBucketPolicy

  constructor(scope: Construct, id: string, { expiresAfterDays = {}, isVersioned, statements }: Props) {
    super(scope, id, {
      bucketEncryption: {
        serverSideEncryptionConfiguration: [{ serverSideEncryptionByDefault: { sseAlgorithm: 'AES256' } }],
      },
      ownershipControls: { rules: [{ objectOwnership: 'BucketOwnerEnforced' }] },
      publicAccessBlockConfiguration: {
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      },
      ...(isVersioned ? { versioningConfiguration: { status: 'Enabled' } } : {}),
      lifecycleConfiguration: {
        rules: [
          { id: 'unfinished-uploads', status: 'Enabled', abortIncompleteMultipartUpload: { daysAfterInitiation: 1 } },
          ...Object.entries(expiresAfterDays).map(([prefix, expirationInDays]) => ({
            id: `end-of-${prefix.replaceAll('/', '')}`,
            status: 'Enabled',
            prefix,
            expirationInDays,
          })),
        ],
      },
    })
    retainExceptOnCreate(this)
    this.policy = new CfnBucketPolicy(this, 'Policy', {
      bucket: this.ref,
      policyDocument: policyDocument([
        refuseWithoutTls('s3:*', [this.attrArn, `${this.attrArn}/*`]),
        ...(statements?.(this.attrArn) ?? []),
      ]),
    })
  }
}
