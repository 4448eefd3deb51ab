import { defineFailures } from '#shared/errors/failure.ts'

export const ZoneFailure = defineFailures('local_zone', {
  bad_record: { status: 422, retry: false },
  bad_zone: { status: 422, retry: false },
  no_such_zone: { status: 404, retry: false },
  /** A CNAME stands alone at its name (RFC 1034 section 3.6.2). */
  cname_conflict: { status: 409, retry: false },
})
