import * as z from 'zod'
import type { ObjectOf } from '../state/objects.ts'
import { text } from '../wire/params.ts'
import { route } from '../wire/route.ts'

/** The portal as the Dashboard has it set up. */
const DEFAULT_CONFIGURATION = 'bpc_default'

export const portalSessions = [
  route(
    'POST',
    '/v1/billing_portal/sessions',
    {
      customer: text,
      return_url: text.exactOptional(),
      configuration: text.exactOptional(),
      locale: text.exactOptional(),
      flow_data: z.looseObject({ type: text }).exactOptional(),
    },
    async ({ unit, baseUrl }, input) => {
      const customer = await unit.need('customer', input.customer, 'customer')
      await unit.useTestClock(customer.test_clock)
      const sessionId = unit.mint('billing_portal.session')
      const session: ObjectOf<'billing_portal.session'> = {
        id: sessionId,
        object: 'billing_portal.session',
        configuration: input.configuration ?? DEFAULT_CONFIGURATION,
        created: unit.now(),
        customer: customer.id,
        customer_account: null,
        flow: null,
        livemode: false,
        locale: null,
        on_behalf_of: null,
        return_url: input.return_url ?? null,
        url: `${baseUrl}/p/session/${sessionId}`,
      }
      unit.put('billing_portal.session', session)
      unit.tell('billing_portal.session.created', session)
      return session
    },
  ),
]
