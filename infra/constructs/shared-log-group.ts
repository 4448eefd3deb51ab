import { CfnLogGroup } from 'aws-cdk-lib/aws-logs'
import type { Construct } from 'constructs'
import { allow, type Statement } from './statements.ts'

/** Long enough to look into a complaint; the ledgers keep what must be kept longer. */
const RETENTION_DAYS = 30

/** One log group for all functions of a stack: one retention, one place to search, one pair of metric filters. */
export class SharedLogGroup extends CfnLogGroup {
  constructor(scope: Construct, id: string) {
    super(scope, id, { retentionInDays: RETENTION_DAYS })
  }

  /** What a function's role needs to log here. */
  writing(): Statement {
    return allow(['logs:CreateLogStream', 'logs:PutLogEvents'], [this.attrArn])
  }
}
