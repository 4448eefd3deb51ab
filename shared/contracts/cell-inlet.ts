/** SES stores what the cell receives under this prefix and its messageId; an object here is not done yet. */
export const INLET_PREFIX = 'inlet/'

/** Mail that had recipients of no tenant is kept here for a person, until the bucket's lifecycle ends it. */
export const UNCLAIMED_PREFIX = 'unclaimed/'

/** The object, and the messageId of a notice, by which SES tries a new receipt rule. */
export const SES_SETUP_NOTIFICATION = 'AMAZON_SES_SETUP_NOTIFICATION'

/** The cell's one queue; its dead letters wait in `router-dlq`. */
export const ROUTER_QUEUE = 'router'

export function inletKey(sesMessageId: string): string {
  return `${INLET_PREFIX}${sesMessageId}`
}

export function unclaimedKey(sesMessageId: string): string {
  return `${UNCLAIMED_PREFIX}${sesMessageId}`
}
