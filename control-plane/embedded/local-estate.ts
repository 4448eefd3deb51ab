import type { CellInput } from '#control-plane/core/placement/register-cell.ts'

/** Accounts of the simulated cloud that were there before. */
export const CELL_ACCOUNT = '000000000001'
export const LOCAL_REGION = 'us-east-1'
const RELEASE_BUCKET = 'baseline-releases'
const CELL_VERSION = '1.0.0'
/** What a cell holds on first quotas and on raised ones (`npm run synth` computes both of the template). */
export const LOCAL_CAPACITY = { atFirst: 96, raised: 480 }

/** Baseline of every account of the simulated cloud, by the names of its outputs. */
export function localBaseline({ awsAccountId }: { readonly awsAccountId: string }) {
  const role = (name: string) => `arn:aws:iam::${awsAccountId}:role/baseline/${name}`
  return {
    operatingRoleArn: role('operating'),
    executionRoleArn: role('execution'),
    tenantBoundaryArn: `arn:aws:iam::${awsAccountId}:policy/baseline/tenant`,
    ruleSetActivatorArn: `arn:aws:lambda:${LOCAL_REGION}:${awsAccountId}:function:baseline-activator`,
    releaseBucket: RELEASE_BUCKET,
    cellVersion: CELL_VERSION,
  }
}

/** The one cell of this machine. */
export function localCell(): CellInput {
  const { operatingRoleArn, executionRoleArn, tenantBoundaryArn, releaseBucket, cellVersion } = localBaseline({
    awsAccountId: CELL_ACCOUNT,
  })
  return {
    name: 'local',
    awsAccountId: CELL_ACCOUNT,
    region: LOCAL_REGION,
    cap: LOCAL_CAPACITY.atFirst,
    isOpen: true,
    isCanary: false,
    cellVersion,
    operatingRoleArn,
    executionRoleArn,
    tenantBoundaryArn,
    routerRoleArn: `arn:aws:iam::${CELL_ACCOUNT}:role/baseline/router`,
    cellTableName: 'baseline-cell',
    sendRateTableName: 'baseline-send-rate',
    releaseBucket,
  }
}
