/** A refusal in SMTP words: reply code, RFC 3463 enhanced code, text. */
export type SmtpRefusal = {
  readonly code: 450 | 451 | 452 | 550 | 552
  readonly enhanced: string
  readonly text: string
}

/**
 * The error by which a handler of smtp-server refuses. The library picks one enhanced code per reply code (550 is always
 * 5.1.1), so the pair travels as the reply code: it is written to the wire as it stands.
 */
export function refusal({ code, enhanced, text }: SmtpRefusal): Error {
  return Object.assign(new Error(text), { responseCode: `${code} ${enhanced}` })
}

/** 421 closes the connection; smtp-server acts on the number itself. */
export function farewell(text: string): Error {
  return Object.assign(new Error(text), { responseCode: 421 })
}

export const unknownMailbox: SmtpRefusal = { code: 550, enhanced: '5.1.1', text: 'No such mailbox here' }
export const noRelay: SmtpRefusal = { code: 550, enhanced: '5.7.1', text: 'We do not relay mail for other domains' }
export const notNow: SmtpRefusal = { code: 451, enhanced: '4.3.0', text: 'Could not store the mail, try again later' }
export const noRoomNow: SmtpRefusal = { code: 452, enhanced: '4.3.1', text: 'Too much mail at once, try again later' }
/** smtp-server says the same by itself at MAIL FROM and after DATA; this one is for a stream that we stopped keeping. */
export const tooLarge: SmtpRefusal = { code: 552, enhanced: '5.3.4', text: 'The mail is larger than we take' }
