import { expect, it } from 'vitest'
import { tenantTemplate } from '#infra/synthesise.ts'
import { tenantSettings } from '#shared/contracts/settings.ts'
import { stackOutputs } from '#tenant-stack/embedded/stack-outputs.ts'
import { stackSettings } from '#tenant-stack/embedded/stack-settings.ts'
import { sampleRelease } from '../infra/sample-release.ts'

const template = tenantTemplate(sampleRelease)
const stack = {
  stackName: 'convoke-north',
  tenantId: `ten_${'a'.repeat(26)}`,
  domainName: 'events.north.example',
  templateVersion: '1.0.0',
  parameters: {},
  licenceKeys: {},
}

it('a stamped stack of this machine puts out what the template does, by the same names', () => {
  const outputs = stackOutputs(stack, 'http://localhost:8025/t/ten_a')
  expect(Object.keys(outputs).toSorted()).toEqual(Object.keys(template.Outputs ?? {}).toSorted())
})

it('takes the settings of the template by the same names, with the same defaults', () => {
  const defaults = stackSettings(stack)
  expect(defaults).toMatchObject({ audience: 'responded', mailBytesMax: 26_214_400, mailboxes: { create: 'create' } })
  // The two that follow from how long functions live are no parameters.
  const settings = Object.keys(tenantSettings).length - 2
  const names = Object.keys(template.Parameters ?? {})
  const taken = names.filter((name) => isTaken(name))
  expect(taken).toHaveLength(settings)
})

/** Whether a value that no setting takes is refused under this name. */
function isTaken(name: string): boolean {
  try {
    stackSettings({ ...stack, parameters: { [name]: '!' } })
    return false
  } catch (error) {
    return error instanceof Error && error.message.startsWith(`${name} `)
  }
}
