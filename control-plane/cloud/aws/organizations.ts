import {
  type Account,
  CloseAccountCommand,
  CreateAccountCommand,
  type CreateAccountStatus,
  DescribeAccountCommand,
  DescribeCreateAccountStatusCommand,
  ListParentsCommand,
  MoveAccountCommand,
  type OrganizationsClient,
  paginateListAccounts,
  paginateListCreateAccountStatus,
  paginateListTagsForResource,
} from '@aws-sdk/client-organizations'
import type { CloudTrouble } from '../failure.ts'
import type { AccountCreation, MemberAccount, Organizations } from '../organizations.ts'
import { calling, type ErrorMeanings, given, orElse, reading, word } from './sdk-call.ts'
import { fromSdkTags, toSdkTags } from './sdk-tags.ts'

const REASONS: { readonly [reason: string]: CloudTrouble } = {
  ACCOUNT_NUMBER_LIMIT_EXCEEDED: 'quota',
  CLOSE_ACCOUNT_QUOTA_EXCEEDED: 'quota',
  ACCOUNT_CREATION_RATE_LIMIT_EXCEEDED: 'throttled',
  CLOSE_ACCOUNT_REQUESTS_LIMIT_EXCEEDED: 'throttled',
  ACCOUNT_CREATION_NOT_COMPLETE: 'conflict',
  MAX_TAG_LIMIT_EXCEEDED: 'invalid',
  TAG_POLICY_VIOLATION: 'invalid',
}

const MEANINGS: ErrorMeanings = {
  AWSOrganizationsNotInUseException: 'vendor_task',
  AccountNotFoundException: 'gone',
  ChildNotFoundException: 'gone',
  CreateAccountStatusNotFoundException: 'gone',
  TargetNotFoundException: 'gone',
  ConcurrentModificationException: 'conflict',
  ConflictException: 'conflict',
  FinalizingOrganizationException: 'conflict',
  // Reasons that are not known are of payment, contact or waiting periods.
  ConstraintViolationException: (error) => REASONS[reasonOf(error)] ?? 'vendor_task',
}

export function createOrganizations(client: OrganizationsClient): Organizations {
  return {
    async createAccount({ email, accountName, tags }) {
      const command = new CreateAccountCommand({ Email: email, AccountName: accountName, Tags: toSdkTags(tags) })
      const answer = await calling('CreateAccount', () => client.send(command), MEANINGS)
      return creationOf(given(answer.CreateAccountStatus, 'CreateAccountStatus'))
    },
    async describeCreation(createAccountRequestId) {
      const command = new DescribeCreateAccountStatusCommand({ CreateAccountRequestId: createAccountRequestId })
      const answer = await reading('DescribeCreateAccountStatus', () => client.send(command), MEANINGS)
      return answer && creationOf(given(answer.CreateAccountStatus, 'CreateAccountStatus'))
    },
    listCreations: () =>
      calling(
        'ListCreateAccountStatus',
        async () => {
          const all: CreateAccountStatus[] = []
          for await (const page of paginateListCreateAccountStatus({ client }, {}))
            all.push(...(page.CreateAccountStatuses ?? []))
          return all.toSorted((a, b) => timeOf(b) - timeOf(a)).map(creationOf)
        },
        MEANINGS,
      ),
    findByEmail: (email) =>
      calling(
        'ListAccounts',
        async () => {
          for await (const { Accounts = [] } of paginateListAccounts({ client }, {})) {
            const found = Accounts.find(({ Email = '' }) => Email.toLowerCase() === email.toLowerCase())
            if (found !== undefined) return memberOf(found)
          }
          return undefined
        },
        MEANINGS,
      ),
    async describeAccount(awsAccountId) {
      const command = new DescribeAccountCommand({ AccountId: awsAccountId })
      const answer = await reading('DescribeAccount', () => client.send(command), MEANINGS)
      return answer && memberOf(given(answer.Account, 'Account'))
    },
    tagsOf: (awsAccountId) =>
      reading(
        'ListTagsForResource',
        async () => {
          const tags = []
          for await (const page of paginateListTagsForResource({ client }, { ResourceId: awsAccountId }))
            tags.push(...(page.Tags ?? []))
          return fromSdkTags(tags)
        },
        MEANINGS,
      ),
    async parentOf(awsAccountId) {
      const command = new ListParentsCommand({ ChildId: awsAccountId })
      const answer = await reading('ListParents', () => client.send(command), MEANINGS)
      return answer?.Parents?.[0]?.Id
    },
    async moveAccount({ awsAccountId, fromParentId, toParentId }) {
      const command = new MoveAccountCommand({
        AccountId: awsAccountId,
        SourceParentId: fromParentId,
        DestinationParentId: toParentId,
      })
      await calling('MoveAccount', () => client.send(command), {
        ...MEANINGS,
        // It is not where we thought; or it is where it should be.
        SourceParentNotFoundException: 'conflict',
        DuplicateAccountException: 'conflict',
        DestinationParentNotFoundException: 'invalid',
      })
    },
    async closeAccount(awsAccountId) {
      const command = new CloseAccountCommand({ AccountId: awsAccountId })
      const call = calling('CloseAccount', () => client.send(command), {
        ...MEANINGS,
        AccountAlreadyClosedException: 'exists',
      })
      await orElse('exists', undefined, call)
    },
  }
}

function creationOf(status: CreateAccountStatus): AccountCreation {
  return {
    createAccountRequestId: given(status.Id, 'Id'),
    state: word(['IN_PROGRESS', 'SUCCEEDED', 'FAILED'], status.State, 'the state of a creation'),
    ...(status.AccountName === undefined ? {} : { accountName: status.AccountName }),
    ...(status.AccountId === undefined ? {} : { awsAccountId: status.AccountId }),
    ...(status.FailureReason === undefined ? {} : { failureReason: status.FailureReason }),
  }
}

function memberOf(found: Account): MemberAccount {
  return {
    awsAccountId: given(found.Id, 'Id'),
    accountName: found.Name ?? '',
    email: found.Email ?? '',
    // `State` took the place of `Status`, which has the same words and no CLOSED.
    state: word(
      ['PENDING_ACTIVATION', 'ACTIVE', 'SUSPENDED', 'PENDING_CLOSURE', 'CLOSED'],
      found.State ?? found.Status,
      'the state of an account',
    ),
  }
}

function timeOf(status: CreateAccountStatus): number {
  return status.RequestedTimestamp?.getTime() ?? 0
}

function reasonOf(error: unknown): string {
  return error instanceof Error && 'Reason' in error && typeof error.Reason === 'string' ? error.Reason : ''
}
