export type RightsQuestion = {
  readonly roleArn: string
  /** IAM's names, such as `dynamodb:GetItem`. */
  readonly actions: readonly string[]
  /** One alone: asked for several, IAM answers each action with the most restrictive of its decisions, and a right to one would not be seen. */
  readonly resourceArn: string
}

/** What a role may do, as IAM itself decides, its boundary included; nothing is done. */
export interface RoleRights {
  /** SimulatePrincipalPolicy (https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html): those of the actions that IAM would allow; undefined: there is no such role. */
  allowed(question: RightsQuestion): Promise<readonly string[] | undefined>
}
