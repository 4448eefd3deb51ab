/**
 * Domains with which a mailing service signs for whoever has an account there: their signature tells nothing of the From, so no
 * confirmation is bound to it. Google's `<customer>.<date>.gappssmtp.com` is one customer's own and may be bound.
 */
const SHARED_SIGNERS: ReadonlySet<string> = new Set([
  'amazonses.com',
  'brevosend.com',
  'mailchimpapp.net',
  'mailgun.org',
  'mailjet.com',
  'mandrillapp.com',
  'mcdlv.net',
  'mcsv.net',
  'mtasv.net',
  'rsgsv.net',
  'sendgrid.info',
  'sendgrid.net',
  'sendinblue.com',
  'sparkpostmail.com',
])

/** Of the domains that signed a mail, those that a confirmation of its From may be bound to; lower case, sorted. */
export function bindableDomains(dkimDomains: readonly string[]): readonly string[] {
  const names = dkimDomains.map((name) => name.toLowerCase())
  return [...new Set(names)].filter((name) => !isShared(name)).toSorted()
}

/** Itself or a name below one of them, label by label. */
function isShared(name: string): boolean {
  const labels = name.split('.')
  return labels.some((_, from) => SHARED_SIGNERS.has(labels.slice(from).join('.')))
}
