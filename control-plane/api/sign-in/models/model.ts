import type { ControlCtx } from '../../env.ts'

/** A row as better-auth knows it. */
export type AuthRow = { readonly [field: string]: unknown }

/** Rows of one of better-auth's models in our table: found by one field, never by a scan. What a model lacks, nobody may do to it. */
export type AuthModel = {
  /** Rows with this value in this field; undefined: the model is not found by this field. */
  readonly find: (ctx: ControlCtx, field: string, value: string) => Promise<readonly AuthRow[]> | undefined
  readonly create?: (ctx: ControlCtx, row: AuthRow) => Promise<AuthRow>
  readonly update?: (ctx: ControlCtx, row: AuthRow, set: AuthRow) => Promise<AuthRow>
  /** True for the one caller whose delete it was. */
  readonly remove?: (ctx: ControlCtx, row: AuthRow) => Promise<boolean>
}

/** better-auth reads the process's clock, rows carry the product's: the same in production, another in tests and simulations. */
export function toOurTime(ctx: ControlCtx, date: Date): number {
  return date.getTime() - Date.now() + ctx.clock.now()
}

export function toProcessTime(ctx: ControlCtx, epochMs: number): Date {
  return new Date(epochMs - ctx.clock.now() + Date.now())
}
