import * as z from 'zod'
import { EnvironmentFailure } from './environment.ts'

/**
 * Environment of the cell's router and sweep: the cell's template writes it, the cell's `wire` reads it, a test holds the two together.
 * There is no log level: the cell's alarm reads its lines.
 */
export const CellVariables = z.object({
  CONVOKE_CELL_TABLE: z.string().regex(/^[a-zA-Z0-9_.-]{3,255}$/, 'must be the name of a table'),
  CONVOKE_CELL_INLET_BUCKET: z.string().regex(/^[a-z0-9.-]{3,63}$/, 'must be the name of a bucket'),
  /** Queue URL less the queue's name. */
  CONVOKE_CELL_QUEUE_URL_PREFIX: z
    .string()
    .regex(/^https?:\/\/[^/\s]+\/\d{12}\/[\w-]+-$/, 'must be the beginning of a queue URL'),
})

export type CellEnvironment = {
  readonly tableName: string
  readonly inletBucketName: string
  readonly queueUrlPrefix: string
}

/** The environment of a cell's function. Throws `environment.invalid` with one line per wrong or missing variable. */
export function parseCellEnvironment(env: Readonly<Record<string, string | undefined>>): CellEnvironment {
  const given = Object.fromEntries(Object.entries(env).filter(([name]) => name.startsWith('CONVOKE_')))
  const parsed = z.strictObject(CellVariables.shape).safeParse(given)
  if (!parsed.success)
    throw EnvironmentFailure.invalid(
      parsed.error.issues
        .map((issue) =>
          issue.code === 'unrecognized_keys'
            ? `${issue.keys.join(', ')} is not a setting`
            : `${String(issue.path[0])} ${issue.message}`,
        )
        .join('\n'),
    )
  return {
    tableName: parsed.data.CONVOKE_CELL_TABLE,
    inletBucketName: parsed.data.CONVOKE_CELL_INLET_BUCKET,
    queueUrlPrefix: parsed.data.CONVOKE_CELL_QUEUE_URL_PREFIX,
  }
}
