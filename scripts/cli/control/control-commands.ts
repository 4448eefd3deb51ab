import type { ControlCommand } from '../command.ts'
import { auditExport } from './audit-export.ts'
import { cellAdd } from './cell-add.ts'
import { claimCommands } from './claim-commands.ts'
import { controlKeyCommands } from './control-key-commands.ts'
import { domainShow } from './domain-show.ts'
import { estateCommands } from './estate-commands.ts'
import { licenceCommands } from './licence-commands.ts'
import { licenseeCommands } from './licensee-commands.ts'
import { domainDelegate, licencePay } from './local-commands.ts'
import { look } from './look.ts'
import { personCommands } from './person-commands.ts'
import { refundCommands } from './refund-commands.ts'
import { releaseAdd } from './release-add.ts'
import { runCommands } from './run-commands.ts'
import { tenantCommands } from './tenant-commands.ts'
import { tenantWatch } from './tenant-watch.ts'

/** Every act of the vendor and of licensees. */
export const controlCommands: readonly ControlCommand[] = [
  look({
    noun: 'control',
    verb: 'whoami',
    summary: 'Whose key this is, and what it may do',
    positionals: [],
    path: () => '/me',
  }),
  ...licenseeCommands,
  ...personCommands,
  ...controlKeyCommands,
  auditExport,
  ...tenantCommands,
  ...runCommands,
  tenantWatch,
  domainShow,
  ...claimCommands,
  ...licenceCommands,
  ...refundCommands,
  ...estateCommands,
  cellAdd,
  releaseAdd,
  licencePay,
  domainDelegate,
]
