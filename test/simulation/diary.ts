import type { Meeting } from './meeting.ts'

/** What the world outside was promised, each with the step at which it was. */
export type Diary = {
  readonly meetings: readonly Meeting[]
  /** Event ids, by UID of the meeting, once it is seen. */
  readonly eventIds: Map<string, string>
  /** Meetings × addresses whose invitation was acknowledged. */
  readonly invited: Set<string>
  /** MailIds by meeting and SEQUENCE. */
  readonly organizerMails: Map<string, string>
  /** Mails of whole cancels, and the step from which no work that begins may send the event. */
  readonly cancelMails: Map<string, string>
  readonly cancelledAt: Map<string, number>
  /** Addresses that want, or can get, no mail, and since when. */
  readonly silentSince: Map<string, number>
  /** Mails taken in, by mailId, with their recipient. */
  readonly received: Map<string, string>
  /** Attempts of which the sender was not told how they ended. */
  ambiguous: number
  step: number
}

export function createDiary(meetings: readonly Meeting[]): Diary {
  return {
    meetings,
    eventIds: new Map(),
    invited: new Set(),
    organizerMails: new Map(),
    cancelMails: new Map(),
    cancelledAt: new Map(),
    silentSince: new Map(),
    received: new Map(),
    ambiguous: 0,
    step: 0,
  }
}

/** Names a meeting and a person; the first thing that was promised about a name stands. */
export const pairOf = (uid: string, address: string) => `${uid} ${address}`

export function noteFirst(map: Map<string, number>, name: string, step: number): void {
  if (!map.has(name)) map.set(name, step)
}
