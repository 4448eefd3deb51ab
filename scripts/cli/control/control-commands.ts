import type { ControlCommand } from '../command.ts'
import { cellAdd } from './cell-add.ts'
import { domainShow } from './domain-show.ts'
import { licenceCommands } from './licence-commands.ts'
import { licenseeCommands } from './licensee-commands.ts'
import { domainDelegate, licencePay } from './local-commands.ts'
import { releaseAdd } from './release-add.ts'
import { tenantCommands } from './tenant-commands.ts'
import { tenantWatch } from './tenant-watch.ts'

/** Every act of the vendor and of licensees. */
export const controlCommands: readonly ControlCommand[] = [
  ...licenseeCommands,
  ...tenantCommands,
  tenantWatch,
  domainShow,
  ...licenceCommands,
  cellAdd,
  releaseAdd,
  licencePay,
  domainDelegate,
]
