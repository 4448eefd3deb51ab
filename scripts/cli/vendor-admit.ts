import { InviteBody } from '#shared/contracts/control-api.ts'
import { CliFailure } from './cli-failure.ts'
import type { TenantCommand } from './command.ts'
import { environmentOption, functionVariables } from './function-variables.ts'

/** Of a control plane on AWS, for whoever may write its table: its first admin, or one who lost his passkeys when nobody else can help. */
export const vendorAdmit: TenantCommand = {
  noun: 'vendor',
  verb: 'admit',
  summary: 'Let an admin of the vendor in on AWS: the first one, or one who lost his passkeys',
  positionals: ['ADDRESS'],
  options: {
    environment: environmentOption,
    reason: { value: 'TEXT', help: 'Why; the audit log keeps it', isRequired: true },
    name: { value: 'NAME', help: 'What a first admin is called' },
  },
  async run(_product, { positionals: [address = ''], options }) {
    const person = InviteBody.pick({ email: true, name: true }).safeParse({
      email: address,
      name: options.name ?? address,
    })
    if (!person.success) throw CliFailure.usage('ADDRESS is a mail address, and --name what the person is called')
    // The AWS SDK is half a megabyte that no other command needs.
    const [{ wireMail }, { admitVendorAdmin }] = await Promise.all([
      import('#control-plane/wire-aws.ts'),
      import('#control-plane/core/person/admit-vendor-admin.ts'),
    ])
    const ctx = await wireMail(await functionVariables(options.environment ?? ''))()
    const { personId, did } = await admitVendorAdmin(ctx, {
      ...person.data,
      reason: options.reason ?? '',
    })
    const what = did === 'added' ? 'is an admin now' : 'has no passkey and no session any more'
    return {
      text: `${address} ${what}. Sign in at ${ctx.settings.publicUrl}/sign-in by mail and add a first passkey.`,
      json: { id: personId, did },
    }
  },
}
