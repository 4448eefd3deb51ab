import { ownControlFolder } from '#control-plane/wire.ts'
import { parseEnvironment } from '#shared/contracts/environment.ts'
import { isPortChosen } from '#shared/runtime/is-port-chosen.ts'
import { liveAsChild } from '#shared/runtime/working-child.ts'
import { openControlPlane } from './product.ts'

liveAsChild({
  own: () => ownControlFolder(parseEnvironment(process.env)),
  open: () =>
    openControlPlane(parseEnvironment(process.env), {
      isHttpChosen: isPortChosen(process.env, 'CONVOKE_CONTROL_PORT'),
      isStripeChosen: isPortChosen(process.env, 'CONVOKE_STRIPE_PORT'),
      isDnsChosen: isPortChosen(process.env, 'CONVOKE_DNS_PORT'),
    }),
})
