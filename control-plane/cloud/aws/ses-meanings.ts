import { byWords, type ErrorMeanings } from './sdk-call.ts'

/** Errors of SESv2's control calls. */
export const SES_MEANINGS: ErrorMeanings = {
  AlreadyExistsException: 'exists',
  NotFoundException: 'gone',
  ConcurrentModificationException: 'conflict',
  ConflictException: 'conflict',
  TooManyRequestsException: 'throttled',
  // "Cannot delete <arn> because it has tenant associations" has no name of its own.
  BadRequestException: byWords([[/has tenant associations/i, 'in_use']]),
}
