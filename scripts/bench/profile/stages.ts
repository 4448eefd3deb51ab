/** Parts of the way from a confirmed list to ACCEPTED. `compose` is all between the others: texts, splice, and what the language costs. */
export const STAGES = ['plan', 'claim', 'look', 'compose', 'hand_over', 'confirm'] as const
export type Stage = (typeof STAGES)[number]

/** Milliseconds by stage. */
export type StageTimes = { readonly [S in Stage]?: number }
