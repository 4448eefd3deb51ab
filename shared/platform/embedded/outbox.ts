import { randomUUID } from 'node:crypto'
import { isFailure } from '#shared/errors/failure.ts'
import { decodeCursor, encodeCursor } from '../cursor.ts'
import { assertOutgoing } from '../mail-rules.ts'
import { type Mailer, MailerFailure } from '../mailer.ts'
import type { Clock } from '../small-ports.ts'
import { OutboxFailure, type OutboxMail, type OutboxPage, readOutboxMail } from './outbox-mail.ts'
import { columnBytes, columnNumber, columnText } from './sqlite-row.ts'
import type { SqliteStore } from './sqlite-store.ts'

const INSERT = `INSERT INTO outbox_mails
  (mailer_message_id, send_id, envelope_from, envelope_to, accepted_at, raw_bytes, raw) VALUES (?, ?, ?, ?, ?, ?, ?)`
const COLUMNS = 'seq, mailer_message_id, send_id, envelope_from, envelope_to, accepted_at, raw_bytes'
const BY_SEND_ID = 'SELECT mailer_message_id FROM outbox_mails WHERE send_id = ?'
const LIST = `SELECT ${COLUMNS} FROM outbox_mails WHERE seq < ? ORDER BY seq DESC LIMIT ?`
const GET = `SELECT ${COLUMNS} FROM outbox_mails WHERE mailer_message_id = ?`
const RAW = 'SELECT raw FROM outbox_mails WHERE mailer_message_id = ?'
const COUNT = 'SELECT count(*) AS n FROM outbox_mails'
const LIST_MAX = 1000
const WHOLE = 'SELECT seq, envelope_to, raw FROM outbox_mails WHERE seq < ? ORDER BY seq DESC LIMIT ?'
const BLANK = "UPDATE outbox_mails SET envelope_to = 'erased@erased.invalid', raw_bytes = ?, raw = ? WHERE seq = ?"
/** Mails read at once: some megabytes. */
const BLANK_AT_ONCE = 100
/** What is left of a mail: it was sent. */
const BLANKED = new TextEncoder().encode('Subject: Erased\r\n\r\nThis mail was erased.\r\n')

/** The built-in outbox: a Mailer that keeps every mail, and its reading side. */
export type Outbox = Mailer & {
  /** Newest first, 1 to 1000 a page. */
  readonly list: (options: { readonly limit: number; readonly cursor?: string }) => Promise<OutboxPage>
  readonly get: (mailerMessageId: string) => Promise<OutboxMail | undefined>
  /** The bytes as sent; `outbox.not_found` when there is no such mail. */
  readonly raw: (mailerMessageId: string) => Promise<Uint8Array>
  readonly count: () => Promise<number>
}

/** Keeps mails in the database; a `sendId` sent twice is a caller's bug: the second is `mailer.rejected`, one is kept. */
export function createOutbox({ store, clock }: { readonly store: SqliteStore; readonly clock: Clock }): Outbox {
  return {
    async send(mail) {
      assertOutgoing(mail)
      const mailerMessageId = randomUUID()
      const raw = Uint8Array.from(mail.raw)
      await writeMail(store, () => {
        if (store.prepare(BY_SEND_ID).get(mail.sendId) !== undefined)
          throw MailerFailure.rejected(`${mail.sendId} was sent already`)
        store
          .prepare(INSERT)
          .run(mailerMessageId, mail.sendId, mail.envelopeFrom, mail.envelopeTo, clock.now(), raw.byteLength, raw)
      })
      return { mailerMessageId }
    },
    async lookup(sendId) {
      const row = store.read(() => store.prepare(BY_SEND_ID).get(sendId))
      if (row === undefined) return { fate: 'not_accepted' }
      return { fate: 'accepted', mailerMessageId: columnText(row, 'mailer_message_id') }
    },
    async blank(isOf, cursor) {
      const rows = store.read(() => store.prepare(WHOLE).all(readCursor(cursor), BLANK_AT_ONCE))
      const seqs = rows
        .filter((row) => isOf({ envelopeTo: columnText(row, 'envelope_to'), raw: columnBytes(row, 'raw') }))
        .map((row) => columnNumber(row, 'seq'))
      await writeMail(store, () => {
        for (const seq of seqs) store.prepare(BLANK).run(BLANKED.byteLength, BLANKED, seq)
      })
      const last = rows.at(-1)
      if (rows.length < BLANK_AT_ONCE || last === undefined) return { blanked: seqs.length }
      return { blanked: seqs.length, cursor: encodeCursor(['outbox'], [String(columnNumber(last, 'seq'))]) }
    },
    async list({ limit, cursor }) {
      if (!Number.isInteger(limit) || limit < 1 || limit > LIST_MAX)
        throw OutboxFailure.bad_request(`limit must be 1 to ${LIST_MAX}`)
      const rows = store.read(() => store.prepare(LIST).all(readCursor(cursor), limit + 1))
      const mails = rows.slice(0, limit).map(readOutboxMail)
      const last = rows[limit - 1]
      if (rows.length <= limit || last === undefined) return { mails }
      return { mails, cursor: encodeCursor(['outbox'], [String(columnNumber(last, 'seq'))]) }
    },
    async get(mailerMessageId) {
      const row = store.read(() => store.prepare(GET).get(mailerMessageId))
      return row === undefined ? undefined : readOutboxMail(row)
    },
    async raw(mailerMessageId) {
      const row = store.read(() => store.prepare(RAW).get(mailerMessageId))
      if (row === undefined) throw OutboxFailure.not_found('there is no such mail in the outbox')
      return columnBytes(row, 'raw')
    },
    async count() {
      return columnNumber(
        store.read(() => store.prepare(COUNT).get()),
        'n',
      )
    },
  }
}

/** A database that cannot write has definitely not taken the mail. */
async function writeMail(store: SqliteStore, job: () => void): Promise<void> {
  try {
    await store.write(job)
  } catch (error) {
    if (!isFailure(error, 'store.unavailable')) throw error
    throw MailerFailure.throttled('the outbox cannot be written now', { cause: error })
  }
}

function readCursor(cursor: string | undefined): number {
  if (cursor === undefined) return Number.MAX_SAFE_INTEGER
  const [seq] = decodeCursor(['outbox'], 1, cursor) ?? []
  if (seq === undefined || !/^\d{1,15}$/.test(seq))
    throw OutboxFailure.bad_cursor('the cursor is not one of the outbox')
  return Number(seq)
}
