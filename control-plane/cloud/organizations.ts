import type { CloudTrouble } from './failure.ts'
import type { Tags } from './tags.ts'

/** A request for an account, as DescribeCreateAccountStatus tells it. */
export type AccountCreation = {
  readonly createAccountRequestId: string
  readonly state: 'IN_PROGRESS' | 'SUCCEEDED' | 'FAILED'
  readonly accountName?: string
  /** Once it has succeeded. */
  readonly awsAccountId?: string
  /** AWS's word, such as EMAIL_ALREADY_EXISTS; `creationTrouble` says how to deal with it. */
  readonly failureReason?: string
}

export type MemberAccount = {
  readonly awsAccountId: string
  readonly accountName: string
  readonly email: string
  readonly state: 'PENDING_ACTIVATION' | 'ACTIVE' | 'SUSPENDED' | 'PENDING_CLOSURE' | 'CLOSED'
}

/** AWS Organizations (https://docs.aws.amazon.com/organizations/latest/APIReference/). */
export interface Organizations {
  /**
   * CreateAccount. It has no client token: the e-mail is the handle, so it is one nobody else has, and after an unclear answer
   * `listCreations` and `findByEmail` are asked. Throws `quota`, `conflict` (another creation), `vendor_task`, `invalid`.
   */
  createAccount(input: {
    readonly email: string
    readonly accountName: string
    readonly tags: Tags
  }): Promise<AccountCreation>
  describeCreation(createAccountRequestId: string): Promise<AccountCreation | undefined>
  /** Requests that are under way or ended, newest first; they carry the account's name, not its e-mail. */
  listCreations(): Promise<readonly AccountCreation[]>
  /** Of all accounts of the organisation; late after a creation. */
  findByEmail(email: string): Promise<MemberAccount | undefined>
  describeAccount(awsAccountId: string): Promise<MemberAccount | undefined>
  tagsOf(awsAccountId: string): Promise<Tags | undefined>
  /** The root or unit that it lies in. */
  parentOf(awsAccountId: string): Promise<string | undefined>
  /** MoveAccount compares and sets: from the wrong parent it throws `conflict`, so look where it is; an unknown account is `gone`. */
  moveAccount(input: {
    readonly awsAccountId: string
    readonly fromParentId: string
    readonly toParentId: string
  }): Promise<void>
  /** Takes days to become CLOSED. A closed one is fine; `quota`: a tenth of the accounts may be closed in 30 days. */
  closeAccount(awsAccountId: string): Promise<void>
}

const TROUBLES: { readonly [failureReason: string]: CloudTrouble } = {
  ACCOUNT_LIMIT_EXCEEDED: 'quota',
  EMAIL_ALREADY_EXISTS: 'exists',
  GOVCLOUD_ACCOUNT_ALREADY_EXISTS: 'exists',
  INVALID_EMAIL: 'invalid',
  INVALID_ADDRESS: 'invalid',
  CONCURRENT_ACCOUNT_MODIFICATION: 'conflict',
  UPDATE_EXISTING_RESOURCE_POLICY_WITH_TAGS_NOT_SUPPORTED: 'invalid',
  INTERNAL_FAILURE: 'unavailable',
}

/** How to deal with a creation that FAILED; a reason that is not known is for a person (payment, business validation). */
export function creationTrouble(failureReason: string): CloudTrouble {
  return TROUBLES[failureReason] ?? 'vendor_task'
}
