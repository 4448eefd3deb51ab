import type Stripe from 'stripe'

/** An object as it is kept: Stripe's own type with references as ids and decimals as the text that the wire carries. */
type Kept<T, Narrowed, Dropped extends keyof T = never> = Readonly<Omit<T, keyof Narrowed | Dropped> & Narrowed>

export type Listed<T> = {
  readonly object: 'list'
  readonly data: readonly T[]
  readonly has_more: boolean
  readonly url: string
}

type Customer = Kept<Stripe.Customer, { readonly test_clock: string | null; readonly default_source: null }>
/** `type` is of a time before prices. */
type Product = Kept<Stripe.Product, { readonly default_price: string | null; readonly tax_code: string | null }, 'type'>
export type Price = Kept<Stripe.Price, { readonly product: string; readonly unit_amount_decimal: string | null }>
/** `plan` is the price once more, in the words of a time before prices. */
export type SubscriptionItem = Kept<Stripe.SubscriptionItem, { readonly price: Price }, 'plan'>
type Subscription = Kept<
  Stripe.Subscription,
  {
    readonly customer: string
    readonly items: Listed<SubscriptionItem>
    readonly latest_invoice: string | null
    readonly default_payment_method: string | null
    readonly test_clock: string | null
  }
>
type LinePricing = Kept<Stripe.InvoiceLineItem.Pricing, { readonly unit_amount_decimal: string | null }>
export type InvoiceLine = Kept<
  Stripe.InvoiceLineItem,
  {
    readonly pricing: LinePricing | null
    readonly quantity_decimal: string | null
    readonly subscription: string | null
  }
>
type InvoiceSubscription = Kept<Stripe.Invoice.Parent.SubscriptionDetails, { readonly subscription: string }>
type InvoiceParent = Kept<Stripe.Invoice.Parent, { readonly subscription_details: InvoiceSubscription | null }>
export type Invoice = Kept<
  Stripe.Invoice,
  {
    readonly customer: string
    readonly default_payment_method: string | null
    readonly lines: Listed<InvoiceLine>
    readonly parent: InvoiceParent | null
    readonly test_clock: string | null
  },
  'payments'
>
type InvoicePayment = Kept<
  Stripe.InvoicePayment,
  { readonly invoice: string; readonly payment: { readonly type: 'payment_intent'; readonly payment_intent: string } }
>
type PaymentIntent = Kept<
  Stripe.PaymentIntent,
  {
    readonly customer: string
    readonly payment_method: string | null
    readonly latest_charge: string | null
    readonly last_payment_error: Readonly<Record<string, unknown>> | null
  }
>
type Charge = Kept<Stripe.Charge, { readonly customer: string; readonly payment_intent: string }, 'refunds'>
type Refund = Kept<
  Stripe.Refund,
  { readonly charge: string; readonly payment_intent: string; readonly customer: string },
  'customer_account'
>
type Dispute = Kept<Stripe.Dispute, { readonly charge: string; readonly payment_intent: string }>
type PaymentMethod = Kept<Stripe.PaymentMethod, { readonly customer: string | null }>
type CheckoutSession = Kept<
  Stripe.Checkout.Session,
  {
    readonly customer: string
    readonly invoice: string | null
    readonly subscription: string | null
  },
  'line_items'
>
type PortalSession = Kept<Stripe.BillingPortal.Session, { readonly configuration: string }>
type TaxId = Kept<Stripe.TaxId, { readonly customer: string }>
type TestClock = Readonly<Stripe.TestHelpers.TestClock>
type TaxRegistration = Readonly<Stripe.Tax.Registration>
/** `data` is any object's shape, so it is kept as it was at that moment. */
export type StripeEvent = {
  readonly id: string
  readonly object: 'event'
  readonly api_version: string
  readonly created: number
  readonly data: {
    readonly object: Readonly<Record<string, unknown>>
    readonly previous_attributes?: Readonly<Record<string, unknown>>
  }
  readonly livemode: false
  readonly pending_webhooks: number
  readonly request: { readonly id: string | null; readonly idempotency_key: string | null }
  readonly type: Stripe.Event.Type
}

/** Every kind of object by the name that Stripe gives it in `object`. */
export type Objects = {
  readonly customer: Customer
  readonly product: Product
  readonly price: Price
  readonly subscription: Subscription
  readonly invoice: Invoice
  readonly invoice_payment: InvoicePayment
  readonly payment_intent: PaymentIntent
  readonly charge: Charge
  readonly refund: Refund
  readonly dispute: Dispute
  readonly payment_method: PaymentMethod
  readonly 'checkout.session': CheckoutSession
  readonly 'billing_portal.session': PortalSession
  readonly tax_id: TaxId
  readonly 'tax.registration': TaxRegistration
  readonly 'test_helpers.test_clock': TestClock
  readonly event: StripeEvent
}
export type Kind = keyof Objects
export type ObjectOf<K extends Kind> = Objects[K]
