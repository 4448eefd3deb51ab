/** What the pages show of a sent mail without its bytes. */
export type SentMail = {
  readonly mailerMessageId: string
  readonly sendId: string
  readonly envelopeFrom: string | null
  readonly envelopeTo: string
  /** Epoch milliseconds. */
  readonly acceptedAt: number
  readonly rawBytes: number
}

/** The reading side of the built-in outbox. */
export interface OutboxSource {
  /** Newest first. */
  list(options: {
    readonly limit: number
    readonly cursor?: string
  }): Promise<{ readonly mails: readonly SentMail[]; readonly cursor?: string }>
  get(mailerMessageId: string): Promise<SentMail | undefined>
  raw(mailerMessageId: string): Promise<Uint8Array>
}
