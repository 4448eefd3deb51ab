import type { OptionRow } from '../command.ts'

/** For the vendor, who acts for any licensee; a licensee's own key needs no such word. */
export const licenseeOption = { value: 'LICENSEE', help: 'Whose, for the vendor; one’s own when not given' } as const

/** The option as a list's query. */
export const ofLicensee: Readonly<Record<string, { readonly name: string; readonly row: OptionRow }>> = {
  licensee: { name: 'licensee_id', row: licenseeOption },
}

/** The option as the API takes it, behind a path. */
export function whose(licenseeId: string | undefined): string {
  return licenseeId === undefined ? '' : `?${new URLSearchParams({ licensee_id: licenseeId })}`
}
