/** Secrets that are kept where neither an environment nor a template shows them. */
export interface Secrets {
  /** The present value of the secret of this ARN; throws when it is not there or not ours to read. */
  read(secretArn: string): Promise<string>
}
