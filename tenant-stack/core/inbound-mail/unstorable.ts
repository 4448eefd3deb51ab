import { type Failure, isFailure } from '#shared/errors/failure.ts'
import type { Ctx } from '../context.ts'
import { type Decided, quarantined } from './outcomes.ts'

/** A write the table will refuse however often it is tried: some value of the mail is larger than any that we foresaw. */
export function isUnstorable(error: unknown): error is Failure {
  return isFailure(error, 'table.item_too_large') || isFailure(error, 'table.bad_request')
}

/** Without it one such mail would be read and refused again every minute, for ever. */
export function unstorable(ctx: Ctx, error: Failure): Decided {
  ctx.log.error({ at: 'mail.unstorable', code: error.code, error: error.message })
  return quarantined('cannot_be_stored', error.message)
}
