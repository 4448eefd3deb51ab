import { defineFailures } from '#shared/errors/failure.ts'

export const InviteFailure = defineFailures('invite', {
  /** An address, name or id of one attendee that cannot be written safely: that mail alone is not sent. */
  bad_recipient: { status: 422, retry: false },
  /** A value that is the same for all mails (subject, organizer, headers) and would break out of its header. */
  bad_value: { status: 422, retry: false },
})
