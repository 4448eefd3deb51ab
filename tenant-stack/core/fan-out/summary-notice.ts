import type { EventRevised } from '#shared/contracts/notices.ts'

const NOTICE = /^ntc_summary-(evt_[0-9a-z]{26})-(\d+)$/

/** Names the one mail that tells an organizer whom a change of his event goes to. */
export function summaryNoticeId({ eventId, sequence }: EventRevised): string {
  return `ntc_summary-${eventId}-${sequence}`
}

/** The change that a notice sums up; undefined for any other notice. */
export function noticedSummary(noticeId: string): EventRevised | undefined {
  const [, eventId, sequence] = NOTICE.exec(noticeId) ?? []
  return eventId === undefined ? undefined : { eventId, sequence: Number(sequence) }
}
