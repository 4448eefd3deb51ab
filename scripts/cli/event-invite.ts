import { randomUUID } from 'node:crypto'
import { InvitationView } from '#shared/contracts/api.ts'
import type { TenantCommand } from './command.ts'

export const eventInvite: TenantCommand = {
  noun: 'event',
  verb: 'invite',
  summary: 'Send one person a personal invite',
  positionals: ['EVENT_ID'],
  options: {
    email: { value: 'ADDRESS', help: 'Who is invited', isRequired: true },
    name: { value: 'NAME', help: 'The name in the invite' },
  },
  async run(product, { positionals: [eventId = ''], options }) {
    const invitation = InvitationView.parse(
      await product.api(`/events/${encodeURIComponent(eventId)}/invitations`, {
        method: 'POST',
        headers: { 'idempotency-key': randomUUID() },
        body: { email: options.email, ...(options.name === undefined ? {} : { name: options.name }) },
      }),
    )
    return { text: `${invitation.email} is invited (${invitation.id}); the mail is in the outbox.`, json: invitation }
  },
}
