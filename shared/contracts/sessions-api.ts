import * as z from 'zod'

/** A browser that somebody has signed in with. */
export const SessionView = z
  .object({
    id: z.string(),
    created_at: z.string(),
    last_used_at: z.string().meta({ description: 'To the hour.' }),
    user_agent: z.string().meta({ description: 'What the browser says it is.' }),
  })
  .meta({ id: 'Session' })

export const EndedView = z.object({ ended: z.number().int() }).meta({ id: 'EndedSessions' })
