/** Whom the place's credentials are of (STS GetCallerIdentity): asked before the first write to an account. */
export interface Identity {
  read(): Promise<{ readonly awsAccountId: string; readonly arn: string }>
}
