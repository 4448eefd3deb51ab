import * as z from 'zod'
import type { WantedStack } from '#shared/contracts/embedded-stack.ts'
import { EnvironmentFailure } from '#shared/contracts/environment.ts'
import { mailboxConflicts, tenantSettings, tenantSettingsOf } from '#shared/contracts/settings.ts'

const Settings = z.object(tenantSettings)

/** The parameter of the tenant template by which a setting is given: CONVOKE_MAIL_BYTES_MAX is MailBytesMax. */
function parameterOf(variable: string): string {
  const words = variable.replace('CONVOKE_', '').toLowerCase().split('_')
  return words.map((word) => word.slice(0, 1).toUpperCase() + word.slice(1)).join('')
}

/**
 * A stack's settings by its template's parameters, those that are not given with their defaults. Throws `environment.invalid` with one
 * line for each that is wrong.
 */
export function stackSettings({ domainName, parameters }: WantedStack) {
  const given = Object.keys(tenantSettings).flatMap((variable) => {
    const value = parameters[parameterOf(variable)] ?? ''
    return value === '' ? [] : [[variable, value] as const]
  })
  const parsed = Settings.safeParse(Object.fromEntries(given))
  const lines = parsed.success
    ? mailboxConflicts(parsed.data).map(asParameters)
    : parsed.error.issues.map(({ path, message }) => `${parameterOf(String(path[0]))} ${message}`)
  if (!parsed.success || lines.length > 0) throw EnvironmentFailure.invalid(lines.join('\n'))
  return { domainName, ...tenantSettingsOf(parsed.data) }
}

function asParameters(line: string): string {
  return line.replaceAll(/CONVOKE_[A-Z_]+/g, parameterOf)
}
