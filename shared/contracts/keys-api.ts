import * as z from 'zod'
import { ApiScope } from './api.ts'

/** The one before a rotated secret lives on so long at most. */
export const KEY_OVERLAP_SECONDS_MAX = 7 * 24 * 3600

const shownOnce = 'Shown here and never again; absent where a repeated request is given its first answer.'

export const KeyView = z
  .object({
    id: z.string(),
    label: z.string(),
    scopes: z.array(ApiScope),
    secrets: z
      .array(z.object({ prefix: z.string(), expires_at: z.string().optional() }))
      .meta({ description: 'Live secrets, the newest first: two while one is being rotated.' }),
    created_at: z.string(),
    last_used_on: z.string().optional().meta({ description: 'UTC day; absent: never used.', example: '2026-03-03' }),
    expires_at: z.string().optional(),
    revoked_at: z.string().optional(),
  })
  .meta({ id: 'Key' })

export const KeyWithSecretView = KeyView.extend({
  secret: z.string().optional().meta({ description: shownOnce }),
}).meta({ id: 'KeyWithSecret' })

export const KeyBody = z
  .object({
    label: z.string().trim().min(1).max(100),
    scopes: z.array(ApiScope).min(1).max(ApiScope.options.length).meta({
      description: 'Only scopes that the key of this request has itself.',
    }),
    expires_at: z.iso.datetime().optional().meta({ description: 'Absent: until it is revoked.' }),
  })
  .strict()
  .meta({ id: 'NewKey' })

export const RotateKeyBody = z
  .object({
    overlap_seconds: z.number().int().min(0).max(KEY_OVERLAP_SECONDS_MAX).meta({
      description: 'How long the secret before still lets in, at most 7 days; 0 ends it at once.',
    }),
  })
  .strict()
  .meta({ id: 'KeyRotation' })

export const RevokeKeyQuery = z.object({
  force: z.enum(['true', 'false']).optional().meta({ description: 'Revoke the last key that can make keys as well.' }),
})
