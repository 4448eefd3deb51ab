/** `from` plants an import of `to`, which breaks `rule`. */
export type Row = { readonly rule: string; readonly from: string; readonly to: string }

export const rows = (rule: string, ...pairs: readonly (readonly [from: string, to: string])[]): readonly Row[] =>
  pairs.map(([from, to]) => ({ rule, from, to }))
