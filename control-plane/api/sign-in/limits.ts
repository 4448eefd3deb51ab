import type { RateLimit } from '#shared/rates/limit-rate.ts'

/** Long enough for slow mail, short enough for a mailbox that somebody else reads later. */
export const LINK_SECONDS = 600

/** Mails to one address: what a person in a hurry asks for, far below what fills a stranger's mailbox. */
export const ASK_BY_ADDRESS: RateLimit = { name: 'ask-address', max: 5, windowSeconds: 900 }
/** From one network address: an office behind one router may all come at nine. */
export const ASK_BY_CALLER: RateLimit = { name: 'ask-caller', max: 50, windowSeconds: 900 }
/** Links tried from one network address: a person tries one. */
export const REDEEM_BY_CALLER: RateLimit = { name: 'redeem-caller', max: 100, windowSeconds: 900 }
/** Passkey ceremonies from one network address: each makes a row. */
export const PASSKEY_BY_CALLER: RateLimit = { name: 'passkey-caller', max: 100, windowSeconds: 900 }

/** An ask takes at least this long, so that its time does not tell whether a mail was handed over (SES takes 50 to 300 ms). */
export const ASK_MS_MIN = 1000
