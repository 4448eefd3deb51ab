import { occursAt } from '#shared/icalendar/recurrence/occurs-at.ts'
import { toSendableSeries } from '#shared/icalendar/recurrence/sendable-series.ts'
import { attachedLists } from '#shared/imip/read/attached-lists.ts'
import { disassembleMail } from '#shared/imip/read/disassemble-mail.ts'
import { serveJobs } from './child-loop.ts'

/** The program of a reader child: everything that touches hostile bytes or hostile rules runs here. */
await serveJobs({
  disassemble: disassembleMail,
  attachedLists,
  occurs: ({ series, recurrenceKeys }) => occursAt(series, recurrenceKeys),
  sendable: (series) => toSendableSeries(series),
})
