import { CfnDeletionPolicy, type CfnResource } from 'aws-cdk-lib'

/** Kept when its stack goes or an update replaces it; removed with a first creation that failed, so that nothing is orphaned. */
export function retainExceptOnCreate(resource: CfnResource): void {
  resource.cfnOptions.deletionPolicy = CfnDeletionPolicy.RETAIN_EXCEPT_ON_CREATE
  resource.cfnOptions.updateReplacePolicy = CfnDeletionPolicy.RETAIN
}
