import { ListAccountsCommand, ListParentsCommand, type OrganizationsClient } from '@aws-sdk/client-organizations'
import { documented, type Fields, fieldsOf, serviceError, text } from './documented.ts'

/** Requests for accounts by their ids; one for all clients of a run. */
export type OrganizationsMemory = ReturnType<typeof organizationsMemory>
export function organizationsMemory() {
  return { creations: new Map<string, Fields>() }
}

/**
 * Makes Organizations answer as its API reference says where the emulator (1.5.33) does not: CreateAccount is at first in progress (it
 * has succeeded) and fails for an e-mail that is taken (it makes a second account); MoveAccount asks where the account is now (any unit
 * that is there will do). Absent there altogether: ListCreateAccountStatus.
 */
export function organizationsAsDocumented(client: OrganizationsClient, { creations }: OrganizationsMemory): void {
  async function create(input: Fields, next: () => Promise<Fields>): Promise<Fields> {
    const { Accounts = [] } = await client.send(new ListAccountsCommand({}))
    const isTaken = Accounts.some(({ Email }) => Email === input.Email)
    const made = isTaken
      ? {
          Id: `car-${String(creations.size + 1).padStart(8, '0')}`,
          AccountName: input.AccountName,
          State: 'FAILED',
          FailureReason: 'EMAIL_ALREADY_EXISTS',
          RequestedTimestamp: new Date(),
        }
      : fieldsOf((await next()).CreateAccountStatus)
    creations.set(text(made.Id), made)
    const { AccountId: _, FailureReason: __, ...told } = made
    return { CreateAccountStatus: { ...told, State: 'IN_PROGRESS' } }
  }

  client.middlewareStack.add(
    documented(async (commandName, input, next) => {
      if (commandName === 'CreateAccount') return create(input, next)
      if (commandName === 'ListCreateAccountStatus') return { CreateAccountStatuses: [...creations.values()] }
      if (commandName === 'DescribeCreateAccountStatus') {
        const known = creations.get(text(input.CreateAccountRequestId))
        return known === undefined ? next() : { CreateAccountStatus: known }
      }
      if (commandName === 'MoveAccount') {
        const ChildId = text(input.AccountId)
        const found = await client.send(new ListParentsCommand({ ChildId })).catch((error: unknown) => {
          if (error instanceof Error && error.name === 'ChildNotFoundException') return undefined
          throw error
        })
        const parent = found?.Parents?.[0]
        if (parent !== undefined && parent.Id !== input.SourceParentId)
          throw serviceError('SourceParentNotFoundException', 'the account is not there')
      }
      return next()
    }),
    { step: 'initialize', name: 'organizationsAsDocumented' },
  )
}
