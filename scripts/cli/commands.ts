import { brandCommands } from './brand-commands.ts'
import type { Command } from './command.ts'
import { controlCommands } from './control/control-commands.ts'
import { eventCalendar } from './event-calendar.ts'
import { eventInvite } from './event-invite.ts'
import { eventList, organizerEvents } from './event-list.ts'
import { eventReport } from './event-report.ts'
import { eventShow } from './event-show.ts'
import { keyCommands } from './key-commands.ts'
import { keyCreate } from './key-create.ts'
import { listCommands } from './list-commands.ts'
import { mailAnswer, mailPropose } from './mail-answer.ts'
import { mailLog } from './mail-log.ts'
import { mailSend } from './mail-send.ts'
import { organizerCommands } from './organizer-commands.ts'
import { privacyCommands } from './privacy-commands.ts'
import { proposalCommands } from './proposal-commands.ts'
import { recountCommands } from './recount-commands.ts'
import { sendingCommands } from './sending-commands.ts'
import { statisticsCommands } from './statistics-commands.ts'
import { suppressionCommands } from './suppression-commands.ts'
import { vendorAdmit } from './vendor-admit.ts'
import { webhookCommands } from './webhook-commands.ts'

/** Every command; a new one is a file and one more entry. */
export const commands: readonly Command[] = [
  mailSend,
  mailAnswer,
  mailPropose,
  mailLog,
  eventList,
  eventShow,
  ...statisticsCommands,
  ...recountCommands,
  organizerEvents,
  ...organizerCommands,
  eventInvite,
  eventCalendar,
  eventReport,
  ...proposalCommands,
  ...listCommands,
  ...suppressionCommands,
  ...sendingCommands,
  keyCreate,
  ...keyCommands,
  ...webhookCommands,
  ...brandCommands,
  ...privacyCommands,
  vendorAdmit,
  ...controlCommands,
]
