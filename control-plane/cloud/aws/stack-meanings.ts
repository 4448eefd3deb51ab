import { byWords, type ErrorMeanings } from './sdk-call.ts'

/** Errors of CloudFormation: most of what it refuses is a ValidationError, and only the words tell which. */
export const STACK_MEANINGS: ErrorMeanings = {
  AlreadyExistsException: 'exists',
  AlreadyExists: 'exists',
  ChangeSetNotFound: 'gone',
  ChangeSetNotFoundException: 'gone',
  StackNotFoundException: 'gone',
  // Not ready yet, executed already, or superseded.
  InvalidChangeSetStatus: 'conflict',
  InvalidChangeSetStatusException: 'conflict',
  OperationInProgressException: 'conflict',
  // The token was used for another operation, or the operation for it is there.
  TokenAlreadyExistsException: 'exists',
  TokenAlreadyExists: 'exists',
  InsufficientCapabilitiesException: 'invalid',
  ValidationError: byWords([
    [/does not exist/i, 'gone'],
    [/_IN_PROGRESS state|is in progress|already in progress|can not be updated while/i, 'conflict'],
    // "Stack:arn… is in ROLLBACK_COMPLETE state and can not be updated": it has to be deleted first.
    [/ROLLBACK_COMPLETE state|already exists/i, 'exists'],
    [/is not authorized|insufficient permission|access denied/i, 'denied'],
  ]),
}
