import { defineFailures } from '#shared/errors/failure.ts'
import { columnNumber, columnText, columnTextOrNull, type SqliteRow } from './sqlite-row.ts'

/** What the outbox knows of a mail without its bytes. */
export type OutboxMail = {
  readonly mailerMessageId: string
  readonly sendId: string
  readonly envelopeFrom: string | null
  readonly envelopeTo: string
  /** Epoch milliseconds. */
  readonly acceptedAt: number
  readonly rawBytes: number
}

export type OutboxPage = { readonly mails: readonly OutboxMail[]; readonly cursor?: string }

export const OutboxFailure = defineFailures('outbox', {
  not_found: { status: 404, retry: false },
  bad_cursor: { status: 400, retry: false },
  bad_request: { status: 400, retry: false },
})

export function readOutboxMail(row: SqliteRow): OutboxMail {
  return {
    mailerMessageId: columnText(row, 'mailer_message_id'),
    sendId: columnText(row, 'send_id'),
    envelopeFrom: columnTextOrNull(row, 'envelope_from'),
    envelopeTo: columnText(row, 'envelope_to'),
    acceptedAt: columnNumber(row, 'accepted_at'),
    rawBytes: columnNumber(row, 'raw_bytes'),
  }
}
