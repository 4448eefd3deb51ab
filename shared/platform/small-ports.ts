/** Wall clock, epoch milliseconds. */
export interface Clock {
  now(): number
}

/** Prefixes of every id the product mints. */
export type IdPrefix =
  | 'lst'
  | 'evt'
  | 'inv'
  | 'mail'
  | 'snd'
  | 'chk'
  | 'key'
  | 'org'
  | 'cnf'
  | 'req'
  | 'rpl'
  | 'ntc'
  | 'whk'
  | 'msg'
  | 'ses'
  | 'era'
  | 'exp'
  // The control plane's: licensee, licence, tenant, run, audit row, user, refund, invitation of a person, mail of its own, release, cell, account.
  | 'lcs'
  | 'lic'
  | 'ten'
  | 'run'
  | 'aud'
  | 'usr'
  | 'rfd'
  | 'mbr'
  | 'cml'
  | 'rel'
  | 'cel'
  | 'acc'

export interface Ids {
  /** `prefix_` + 26 characters, lower case, sortable by time, unguessable in its last 80 bits (ULID). */
  newId(prefix: IdPrefix): string
  /** 26 characters of lower-case base32: 128 random bits. */
  newToken(): string
}

export type LogEntry = { readonly at: string; readonly [field: string]: string | number | boolean | null | undefined }

/** Structured log: ids, codes and counts, never addresses, bodies or secrets. */
export interface Log {
  info(entry: LogEntry): void
  warn(entry: LogEntry): void
  error(entry: LogEntry): void
  /** Figures that an alarm is made of: no level leaves them out, and where nothing reads them they are not written. */
  metric(entry: LogEntry): void
}
