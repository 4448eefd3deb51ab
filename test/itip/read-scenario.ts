import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import type { CalendarObject } from '#shared/icalendar/model.ts'
import { parseCalendars } from '#shared/icalendar/read/parse-calendars.ts'

/** One folder per scenario, named as a sentence. */
export const SCENARIOS = fileURLToPath(new URL('scenarios', import.meta.url))

const Outcome = z.strictObject({
  /** Who sent incoming.ics, authenticated (organizer) or by From (reply); absent: the organizer, or the invited attendee. */
  who: z.string().optional(),
  /** Replies only: what our own side of the event is at, beyond what invite.ics says. */
  lastResetSequence: z.number().optional(),
  isCancelled: z.boolean().optional(),
  receivedAt: z.string().optional(),
  /** One per UID of the mail (organizer) or per component (reply), in order. */
  decisions: z.array(z.looseObject({ kind: z.string() })).min(1),
  /** `unchanged`: the mail leaves what was stored before it. */
  stored: z.union([z.literal('unchanged'), z.record(z.string(), z.unknown())]).optional(),
})

export type Scenario = {
  readonly outcome: z.infer<typeof Outcome>
  /** stored.ics, or stored-1.ics, stored-2.ics …: mails that came before, in this order. */
  readonly stored: readonly (readonly CalendarObject[])[]
  readonly incoming: readonly CalendarObject[]
  /** Our own invite, when the incoming mail is an attendee's. */
  readonly invite: readonly CalendarObject[] | undefined
}

export function outcomeOf(name: string): Scenario['outcome'] {
  return Outcome.parse(JSON.parse(readFileSync(`${SCENARIOS}/${name}/outcome.json`, 'utf8')))
}

export function storedMails(name: string): Scenario['stored'] {
  const files = readdirSync(`${SCENARIOS}/${name}`).filter((file) => /^stored(?:-\d+)?\.ics$/.test(file))
  return files.toSorted().map((file) => incomingOf(name, file))
}

/** The calendars of one file; a fixture that cannot be read is a broken test, not a scenario. */
export function incomingOf(name: string, file: string): readonly CalendarObject[] {
  const parsed = parseCalendars(readFileSync(`${SCENARIOS}/${name}/${file}`))
  if (parsed.unreadable.length > 0) throw new Error(`${name}/${file}: ${JSON.stringify(parsed.unreadable)}`)
  return parsed.calendars
}
