import type { Route } from '../wire/route.ts'
import { checkoutSessions } from './checkout-sessions.ts'
import { customers } from './customers.ts'
import { stripeEvents } from './events.ts'
import { invoicePayments, invoices } from './invoices.ts'
import { paymentMethods } from './payment-methods.ts'
import { payments } from './payments.ts'
import { portalSessions } from './portal-sessions.ts'
import { prices } from './prices.ts'
import { products } from './products.ts'
import { subscriptions } from './subscriptions.ts'
import { tax } from './tax.ts'
import { taxIds } from './tax-ids.ts'
import { testClocks } from './test-clocks.ts'

/** All that the double knows of Stripe's v1 API. */
export const ALL_ROUTES: readonly Route[] = [
  ...products,
  ...prices,
  ...customers,
  ...taxIds,
  ...paymentMethods,
  ...checkoutSessions,
  ...subscriptions,
  ...invoices,
  ...invoicePayments,
  ...payments,
  ...portalSessions,
  ...tax,
  ...stripeEvents,
  ...testClocks,
]
