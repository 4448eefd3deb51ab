import * as z from 'zod'
import { defineFailures } from '#shared/errors/failure.ts'
import type { TableKey } from '#shared/platform/table.ts'

/** Somebody who signs in, known by one address. People come by invitation alone. */
export const Person = z.object({
  personId: z.string(),
  /** Lower case. */
  email: z.string(),
  name: z.string(),
  createdAt: z.number(),
  version: z.number(),
})
export type Person = z.infer<typeof Person>

export const PersonFailure = defineFailures('person', {
  not_found: { status: 404, retry: false },
  /** Belongs to the organization already, or is invited. */
  member_already: { status: 409, retry: false },
  /** Somebody must be left who can invite and pay. */
  last_owner: { status: 409, retry: false },
  changed_meanwhile: { status: 409, retry: true },
  wrong_role: { status: 422, retry: false },
})

export function personPartition(personId: string): string {
  return `person#${personId}`
}

export function personKey(personId: string): TableKey {
  return { pk: personPartition(personId), sk: 'person' }
}

/** One row for each address: two people cannot have the same. */
export function personEmailKey(email: string): TableKey {
  return { pk: `person-email#${email}`, sk: 'person' }
}

/** Addresses are compared in lower case; the domain is so by RFC 5321, and no mailbox worth the name tells cases apart. */
export function normalEmail(email: string): string {
  return email.trim().toLowerCase()
}
