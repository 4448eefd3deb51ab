import * as z from 'zod'

const Counts = z
  .record(z.string(), z.number())
  .meta({ description: 'Rows and files by kind: `invitations`, `answers`, `received_mails`, `mail_files`, and so on.' })

const Instant = z.string().meta({ description: 'UTC instant.' })

const common = {
  id: z.string(),
  state: z.enum(['requested', 'running', 'done']),
  email_sha256: z
    .string()
    .meta({ description: 'SHA-256 of the address in lower case: the address itself is not kept.' }),
  reason: z.string().optional(),
  requested_by: z.string().meta({ description: 'The key that asked.' }),
  requested_at: Instant,
  done_at: Instant.optional(),
  counts: Counts,
}

/** One person's erasure, as it stays after him. */
export const ErasureView = z
  .object({
    ...common,
    is_dry_run: z.boolean().meta({ description: 'It only counted.' }),
    suppress: z.boolean().meta({ description: 'He is sent nothing more, known by the hash of his address.' }),
    passes: z.number().meta({ description: 'Walks over all rows and files; the last has found nothing.' }),
  })
  .meta({ id: 'Erasure' })

export const ErasureBody = z
  .object({
    email: z.string().min(3).max(320),
    reason: z.string().max(500).optional().meta({ description: 'For the record that stays; name nobody in it.' }),
    suppress: z
      .boolean()
      .default(true)
      .meta({ description: 'Send him nothing more. Without it who is invited anew is mailed.' }),
    dry_run: z.boolean().default(false).meta({ description: 'Only count what there is of him.' }),
  })
  .strict()
  .meta({ id: 'ErasureBody' })

export const ExportView = z
  .object({
    ...common,
    file_until: Instant.optional().meta({ description: 'Until when its file is given out.' }),
  })
  .meta({ id: 'Export' })

export const ExportBody = z
  .object({ email: z.string().min(3).max(320), reason: z.string().max(500).optional() })
  .strict()
  .meta({ id: 'ExportBody' })

/** What is held about one person. */
export const PersonFile = z
  .object({
    format: z.literal('convoke-person/1'),
    email_sha256: z.string(),
    made_at: Instant,
    records: z.array(
      z.object({
        kind: z.string().meta({ description: 'As in `counts`.' }),
        data: z
          .record(z.string(), z.unknown())
          .meta({ description: 'As stored; of rows about others only where he is named in them.' }),
      }),
    ),
  })
  .meta({ id: 'PersonFile' })
