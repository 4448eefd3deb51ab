const KEY_ID = 'key_01jd0fn3t5w7y9a1c3e5g7j9m1'

/** Examples of what is about people: where they are signed in, what is erased and written out. */
export const PEOPLE_EXAMPLES: Readonly<Record<string, unknown>> = {
  Session: {
    id: 'ses_01jd0fq5w7y9a1c3e5g7j9m1p3',
    created_at: '2027-02-01T08:00:00.000Z',
    last_used_at: '2027-02-02T09:00:00.000Z',
    user_agent: 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
  },
  EndedSessions: { ended: 2 },
  Erasure: {
    id: 'era_01jd0fr4v6x8z0b2d4f6h8k0m2',
    state: 'done',
    email_sha256: '2fd806cfebc0a6aa7ee4a65d4a0ee4ab53b9dbb6e9f5e2fa23bfcfa3c4d53b45',
    reason: 'Ticket 4711',
    requested_by: KEY_ID,
    requested_at: '2027-02-01T09:00:00.000Z',
    done_at: '2027-02-01T09:07:12.000Z',
    counts: { invitations: 3, answers: 4, received_mails: 4, mail_files: 4, suppressions: 1 },
    is_dry_run: false,
    suppress: true,
    passes: 2,
  },
  ErasureBody: { email: 'dora@example.com', reason: 'Ticket 4711' },
  Export: {
    id: 'exp_01jd0fs5w7y9a1c3e5g7j9m1p3',
    state: 'done',
    email_sha256: '2fd806cfebc0a6aa7ee4a65d4a0ee4ab53b9dbb6e9f5e2fa23bfcfa3c4d53b45',
    requested_by: KEY_ID,
    requested_at: '2027-02-01T09:00:00.000Z',
    done_at: '2027-02-01T09:00:05.000Z',
    counts: { invitations: 3, answers: 4 },
    file_until: '2027-02-08T09:00:05.000Z',
  },
  ExportBody: { email: 'dora@example.com' },
}
