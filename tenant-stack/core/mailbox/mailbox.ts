import { PROBE_LOCAL_PART, PROBE_TOKEN } from '#shared/contracts/probe.ts'
import type { TenantSettings } from '../context.ts'

/** What an address of ours is for; `reply` carries the attendee's token, `probe` that of the control plane's trial of the way. */
export type Mailbox =
  | { readonly kind: keyof TenantSettings['mailboxes'] }
  | { readonly kind: 'reply'; readonly token: string }
  | { readonly kind: 'probe'; readonly token: string }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'other_domain' }

/** 128 bits in lower-case base32; no `+`, which some relays and forms strip. */
const REPLY_LOCAL_PART = /^r-([0-9a-z]{26})$/

/** Lower-cases the whole address: local parts of our own mailboxes are case-insensitive. */
export function normalizeAddress(address: string): string {
  return address.trim().toLowerCase()
}

/** Which mailbox of the domain an envelope recipient names. */
export function mailboxOf(settings: TenantSettings, recipient: string): Mailbox {
  const address = normalizeAddress(recipient)
  const at = address.lastIndexOf('@')
  if (at < 1 || address.slice(at + 1) !== settings.domainName) return { kind: 'other_domain' }
  const localPart = address.slice(0, at)
  const token = REPLY_LOCAL_PART.exec(localPart)?.[1]
  if (token !== undefined) return { kind: 'reply', token }
  if (localPart.startsWith(PROBE_LOCAL_PART)) return probeOf(localPart.slice(PROBE_LOCAL_PART.length))
  for (const [kind, name] of entriesOf(settings.mailboxes)) if (name === localPart) return { kind }
  return { kind: 'unknown' }
}

function probeOf(token: string): Mailbox {
  return PROBE_TOKEN.test(token) ? { kind: 'probe', token } : { kind: 'unknown' }
}

function entriesOf(mailboxes: TenantSettings['mailboxes']): readonly [keyof TenantSettings['mailboxes'], string][] {
  return [
    ['create', mailboxes.create],
    ['lists', mailboxes.lists],
    ['reports', mailboxes.reports],
    ['unsubscribe', mailboxes.unsubscribe],
    ['postmaster', mailboxes.postmaster],
    ['abuse', mailboxes.abuse],
    ['dmarc', mailboxes.dmarc],
  ]
}

/** The full address of one of the domain's named mailboxes. */
export function mailboxAddress(settings: TenantSettings, name: keyof TenantSettings['mailboxes']): string {
  return `${settings.mailboxes[name]}@${settings.domainName}`
}

/** Any address of the domain: mail from one of them is a loop. */
export function isOwnAddress(settings: TenantSettings, address: string): boolean {
  return normalizeAddress(address).endsWith(`@${settings.domainName}`)
}
