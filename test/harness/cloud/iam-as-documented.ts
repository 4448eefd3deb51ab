import { GetRoleCommand, type IAMClient } from '@aws-sdk/client-iam'
import { documented, text } from './documented.ts'

/**
 * Makes IAM answer as its API reference says where the emulator (1.5.33) does not: rights of a role that is not there are NoSuchEntity (it
 * answers that such a role may do nothing).
 */
export function iamAsDocumented(
  client: IAMClient,
  { asService }: { readonly asService: () => Promise<{ readonly iam: IAMClient }> },
): void {
  client.middlewareStack.add(
    documented(async (commandName, input, next) => {
      if (commandName === 'SimulatePrincipalPolicy') {
        const { iam } = await asService()
        await iam.send(new GetRoleCommand({ RoleName: text(input.PolicySourceArn).split('/').at(-1) }))
      }
      return next()
    }),
    { step: 'initialize', name: 'iamAsDocumented' },
  )
}
