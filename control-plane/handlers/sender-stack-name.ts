/** Name of the function that tells, within its tenant's stack (`tenant-stack/manifest.ts`). */
const TELLING = '-sweeps'

/**
 * Tenant's stack whose function sent a message; empty when the sender is no such function. What a notice says of itself its sender writes; the
 * attribute SenderId is written by SQS (ReceiveMessage, "SenderId: for an IAM role, returns the IAM role ID"). For a role taken on that is the
 * value of `aws:userid`, `<role id>:<session name>` (IAM, "Policy elements: variables"), and Lambda names the session after the function. Roles of
 * tenants' stacks trust Lambda alone, so nobody else chooses that name.
 */
export function senderStackName(senderId: string): string {
  const functionName = /^AROA[A-Z0-9]+:([\w-]{1,64})$/.exec(senderId)?.[1]
  return functionName?.endsWith(TELLING) === true ? functionName.slice(0, -TELLING.length) : ''
}
