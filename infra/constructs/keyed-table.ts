import type { IResolvable } from 'aws-cdk-lib'
import { CfnTable } from 'aws-cdk-lib/aws-dynamodb'
import type { Construct } from 'constructs'
import { retainExceptOnCreate } from './retain.ts'

type Props = { readonly deletionProtection: boolean | IResolvable; readonly indexNames: readonly string[] }

/** The table of the Table port: `pk`/`sk`, indexes `<name>pk`/`<name>sk`, rows that end at `expiresAt`. Paid by request. */
export class KeyedTable extends CfnTable {
  constructor(scope: Construct, id: string, { deletionProtection, indexNames }: Props) {
    const keys = ['', ...indexNames].flatMap((name) => [`${name}pk`, `${name}sk`])
    super(scope, id, {
      attributeDefinitions: keys.map((attributeName) => ({ attributeName, attributeType: 'S' })),
      keySchema: keySchema(''),
      globalSecondaryIndexes: indexNames.map((indexName) => ({
        indexName,
        keySchema: keySchema(indexName),
        projection: { projectionType: 'ALL' },
      })),
      billingMode: 'PAY_PER_REQUEST',
      timeToLiveSpecification: { attributeName: 'expiresAt', enabled: true },
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtectionEnabled: deletionProtection,
    })
    retainExceptOnCreate(this)
  }

  /** ARNs that reads of the table and of its indexes name. */
  indexArns(...indexNames: readonly string[]): readonly string[] {
    return indexNames.map((indexName) => `${this.attrArn}/index/${indexName}`)
  }
}

function keySchema(indexName: string) {
  return [
    { attributeName: `${indexName}pk`, keyType: 'HASH' },
    { attributeName: `${indexName}sk`, keyType: 'RANGE' },
  ]
}
