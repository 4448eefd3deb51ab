/** What is confirmed, in words: an invitation to `create@`, a list to `lists@`, or a mail to `reports@`. */
type ConfirmWords = {
  readonly question: string
  readonly subject: string
  readonly what: string
  readonly it: string
  /** What happens once it is confirmed. */
  readonly effect: string
  readonly soon: string
  readonly later: string
  /** What did not happen when it was not his. */
  readonly nothing: string
  readonly again: string
}

const invitation: ConfirmWords = {
  question: 'Did you send this invitation?',
  subject: 'Please confirm: was this invitation yours?',
  what: 'An invitation',
  it: 'The invitation',
  effect: 'the event is then created',
  soon: 'is being created; you get a mail about it in a moment.',
  later: 'the event is created when it does again.',
  nothing: 'nothing was created, and nobody was invited.',
  again: 'Send the invitation again',
}

const report: ConfirmWords = {
  question: 'Did you ask for this report?',
  subject: 'Please confirm: did you ask for this report?',
  what: 'A mail that asks for a report',
  it: 'The mail',
  effect: 'the report is then sent to you',
  soon: 'is being answered; the report comes in a moment.',
  later: 'the report is sent when it does again.',
  nothing: 'nothing was sent.',
  again: 'Send the mail again',
}

const list: ConfirmWords = {
  question: 'Did you send this list?',
  subject: 'Please confirm: was this list yours?',
  what: 'A list',
  it: 'The list',
  effect: 'the list is then checked, and you get a mail that tells whom it would reach',
  soon: 'is being checked; you get a mail about it in a moment.',
  later: 'the list is checked when it does again.',
  nothing: 'nobody was invited because of it.',
  again: 'Send the list again',
}

export const enConfirmations = { invitation, report, list }
