/** Version of the cell's and the accounts' baseline: raised with what a tenant template may ask of them. */
export const CELL_VERSION = '1.0.0'

/**
 * Names of an account's baseline. A cell's are CloudFormation's own and are told by its outputs; of the accounts of one tenant there are
 * many, made by the engine, which must know them before it has looked. An account of its own stands in one region, so none is there twice.
 */
export const ACCOUNT_BASELINE = {
  path: '/baseline/',
  operatingRole: 'baseline-operating',
  executionRole: 'baseline-execution',
  tenantBoundary: 'baseline-tenant',
  activator: 'baseline-activate-rule-set',
} as const

/** Tag of an account that the engine makes: without it none is made, and none is moved or closed. */
export const POOL_TAG = 'cp:pool'

/** What the baseline of an account of one tenant is called in full. */
export function accountBaselineOf(place: { readonly awsAccountId: string; readonly region: string }) {
  const iam = `arn:aws:iam::${place.awsAccountId}`
  const { path, operatingRole, executionRole, tenantBoundary, activator } = ACCOUNT_BASELINE
  return {
    operatingRoleArn: `${iam}:role${path}${operatingRole}`,
    executionRoleArn: `${iam}:role${path}${executionRole}`,
    tenantBoundaryArn: `${iam}:policy${path}${tenantBoundary}`,
    ruleSetActivatorArn: `arn:aws:lambda:${place.region}:${place.awsAccountId}:function:${activator}`,
    cellVersion: CELL_VERSION,
  }
}
