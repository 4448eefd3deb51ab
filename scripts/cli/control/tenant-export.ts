import { setTimeout as pause } from 'node:timers/promises'
import { AskedExportView, TenantExportView } from '#shared/contracts/control-claims.ts'
import { isFailure } from '#shared/errors/failure.ts'
import { CliFailure } from '../cli-failure.ts'
import type { ControlCommand } from '../command.ts'
import type { ControlPlane } from '../control-plane.ts'
import { showOne } from './show.ts'

const LOOK_MILLISECONDS = 500
/** The engine signs what its queue asks for: seconds, but for a queue that is behind. */
const LOOKS_MAX = 120

/** Asks for an export and waits until it is signed. */
export const tenantExport: ControlCommand = {
  plane: 'control',
  noun: 'tenant',
  verb: 'export',
  summary: 'What the control plane knows of a tenant, signed',
  positionals: ['TENANT'],
  options: {},
  act: 'undoable',
  async run(control, { positionals: [tenantId = ''] }) {
    const path = `/tenants/${encodeURIComponent(tenantId)}/exports`
    const { id } = AskedExportView.parse(await control.api(path, { method: 'POST' }))
    const made = await signed(control, `${path}/${id}`)
    return { text: showOne(made), json: made }
  },
}

async function signed(control: ControlPlane, path: string): Promise<TenantExportView> {
  for (let looks = 0; looks < LOOKS_MAX; looks += 1) {
    try {
      return TenantExportView.parse(await control.api(path))
    } catch (error) {
      if (!isFailure(error, 'cli.refused')) throw error
      await pause(LOOK_MILLISECONDS)
    }
  }
  throw CliFailure.refused('It is not signed yet. Read it later: npm run convoke -- tenant exported TENANT EXPORT')
}
