/**
 * Ordered migrations of an embedded database file; entry n brings `PRAGMA user_version` from n to n + 1.
 * A released entry is never changed: append a new one.
 */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE rows (
    pk TEXT NOT NULL, sk TEXT NOT NULL,
    gsi1pk TEXT, gsi1sk TEXT, gsi2pk TEXT, gsi2sk TEXT,
    expires_at INTEGER, item_bytes INTEGER NOT NULL, item TEXT NOT NULL
  );
  CREATE UNIQUE INDEX rows_key ON rows (pk, sk);
  CREATE INDEX rows_gsi1 ON rows (gsi1pk, gsi1sk, pk, sk) WHERE gsi1pk IS NOT NULL AND gsi1sk IS NOT NULL;
  CREATE INDEX rows_gsi2 ON rows (gsi2pk, gsi2sk, pk, sk) WHERE gsi2pk IS NOT NULL AND gsi2sk IS NOT NULL;
  CREATE INDEX rows_expiry ON rows (expires_at) WHERE expires_at IS NOT NULL;

  CREATE TABLE queue_messages (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    queue_name TEXT NOT NULL, message_id TEXT NOT NULL, body TEXT NOT NULL,
    sent_at INTEGER NOT NULL, visible_at INTEGER NOT NULL,
    receive_count INTEGER NOT NULL DEFAULT 0,
    receipt TEXT, received_at INTEGER, is_copy INTEGER NOT NULL DEFAULT 0
  );
  CREATE INDEX queue_due ON queue_messages (queue_name, visible_at, seq);

  CREATE TABLE outbox_mails (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    mailer_message_id TEXT NOT NULL UNIQUE, send_id TEXT NOT NULL UNIQUE,
    envelope_from TEXT, envelope_to TEXT NOT NULL,
    accepted_at INTEGER NOT NULL, raw_bytes INTEGER NOT NULL, raw BLOB NOT NULL
  );
  `,
]

/** Marks the file as ours in its header (`PRAGMA application_id`), so that a stranger's database is not migrated. */
export const APPLICATION_ID = 0x434f4e56
