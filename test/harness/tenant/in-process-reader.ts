import { occursAt } from '#shared/icalendar/recurrence/occurs-at.ts'
import { toSendableSeries } from '#shared/icalendar/recurrence/sendable-series.ts'
import type { Budgeted, MailReader } from '#shared/imip/disassembled-mail.ts'
import { attachedLists } from '#shared/imip/read/attached-lists.ts'
import { disassembleMail } from '#shared/imip/read/disassemble-mail.ts'

/** What the reader's child runs, without the child: for harmless mails by the thousand. Answers cross as JSON, as they would. */
export function createInProcessReader(): MailReader {
  return {
    disassemble: async (raw) => done(await disassembleMail(Buffer.from(raw))),
    occurs: async ({ series, recurrenceKeys }) => done(occursAt(series, recurrenceKeys)),
    sendable: async (series) => done(toSendableSeries(series)),
    attachedLists: async (raw) => done(await attachedLists(raw)),
    close: async () => undefined,
  }
}

function done<T>(value: T): Budgeted<T> {
  return { kind: 'done', value: JSON.parse(JSON.stringify(value)) }
}
