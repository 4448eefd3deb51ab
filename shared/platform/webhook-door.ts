/** One signed POST to somebody else's server (Standard Webhooks 1.0.0). */
export type WebhookCall = {
  readonly url: string
  /** `webhook-id`: the same for every attempt. */
  readonly webhookId: string
  /** `webhook-timestamp`, epoch seconds: of this attempt. */
  readonly sentAt: number
  /** `whsec_…`, each of which signs: two while one is being rotated. */
  readonly secrets: readonly string[]
  /** JSON, sent byte for byte as it is signed. */
  readonly body: string
}

export type WebhookAnswer =
  /** The first bytes of the body alone, at most 1,024. */
  | { readonly kind: 'answered'; readonly status: number; readonly text: string }
  /** Not tried: the address is not one that we call. */
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'failed'; readonly reason: 'timeout' | 'dns' | 'tls' | 'connection' }

/**
 * The way out to addresses that a tenant has chosen. It resolves names itself, connects to the very address that it has checked, and refuses
 * what is not a public one (OWASP, "Server-Side Request Forgery Prevention"); follows no redirect and asks no proxy.
 */
export interface WebhookDoor {
  /** Why an address would never be called, as far as its text tells; undefined: it may be. */
  refusalOf(url: string): Promise<string | undefined>
  /** Never throws for what the other side does. */
  call(call: WebhookCall): Promise<WebhookAnswer>
}
