import type { PlannedMail } from '../control-mail/plan-control-mail.ts'
import type { Licensee } from '../licensee/licensee.ts'
import type { Tenant } from './tenant.ts'

/** One thing to enter or to mend at the DNS provider. */
export type RecordToMend = {
  readonly name: string
  readonly type: string
  readonly expected: readonly string[]
  readonly found: readonly string[]
  readonly sentence: string
}

/** What a licensee is told of his tenant. Times are epoch milliseconds. */
export type TenantNews =
  | { readonly kind: 'your_turn'; readonly sentence: string; readonly records: readonly RecordToMend[] }
  | {
      readonly kind: 'still_your_turn'
      readonly sentence: string
      readonly records: readonly RecordToMend[]
      readonly days: number
    }
  | { readonly kind: 'still_wanted'; readonly sentence: string }
  | { readonly kind: 'live' }
  | { readonly kind: 'stopped'; readonly because: 'abuse' | 'domain' | 'other' }
  | { readonly kind: 'works_again' }
  | { readonly kind: 'drifted'; readonly records: readonly RecordToMend[] }
  | { readonly kind: 'lost'; readonly records: readonly RecordToMend[] }
  | { readonly kind: 'domain_back' }
  | { readonly kind: 'retained'; readonly until: number; readonly left: readonly string[] }
  | { readonly kind: 'deleted'; readonly left: readonly string[] }

type Words = {
  readonly subject: string
  readonly paragraphs: readonly string[]
  readonly records?: readonly RecordToMend[]
}

type Settings = { readonly publicUrl: string; readonly vendorName: string }

/** The mail of one piece of news; `mailKey` makes it one for ever. Pure. */
export function tenantMail(
  { settings }: { readonly settings: Settings },
  input: {
    readonly mailKey: string
    readonly tenant: Tenant
    readonly licensee: Licensee
    readonly news: TenantNews
  },
): PlannedMail {
  const { mailKey, tenant, licensee, news } = input
  const { subject, paragraphs, records = [] } = wordsOf(tenant.domainName, news)
  return {
    mailKey,
    to: licensee.billingEmail,
    parts: {
      subject,
      paragraphs: [...paragraphs, ...records.map(({ sentence }) => sentence)],
      facts: records.flatMap(({ name, type, expected }) =>
        expected.map((value) => [`${type} of ${name}`, value] as const),
      ),
      links: [['Your domain', `${settings.publicUrl}/licences/${tenant.licenceId}`]],
      footer: `${settings.vendorName}, domain ${tenant.domainName} of ${licensee.name}`,
    },
  }
}

/** What is sent on to whoever keeps the domain's DNS. */
const FORWARD = 'If somebody else looks after your DNS, send them this mail: it says all they need.'

function wordsOf(name: string, news: TenantNews): Words {
  switch (news.kind) {
    case 'your_turn':
      return {
        subject: `${name}: the next step is yours`,
        paragraphs: [news.sentence, ...(news.records.length === 0 ? [] : [FORWARD])],
        records: news.records,
      }
    case 'still_your_turn':
      return {
        subject: `${name} still waits for you`,
        paragraphs: [
          `For ${news.days === 1 ? 'a day' : `${news.days} days`} now we have looked and not found it. ${news.sentence}`,
          ...(news.records.length === 0 ? [] : [FORWARD]),
        ],
        records: news.records,
      }
    case 'still_wanted':
      return {
        subject: `Do you still want ${name}?`,
        paragraphs: [
          `For a month ${name} has waited for you. ${news.sentence}`,
          'From now on we look once a week. To go on at once, do it and press "check now" on the page of the domain; if you do not want the domain any more, retire it there. Nothing is deleted by itself, and the licence runs on.',
        ],
      }
    case 'live':
      return {
        subject: `${name} is live`,
        paragraphs: [
          `Everything is set up. Invite create@${name} to a meeting from your calendar: a mail answers within moments, and from then on its invites can be sent.`,
        ],
      }
    case 'stopped':
      return {
        subject: `Nothing is sent from ${name} any more for now`,
        paragraphs: [
          STOPPED[news.because],
          'Mail to it is still received and kept, and answers are still recorded; you can see and export everything.',
        ],
      }
    case 'works_again':
      return {
        subject: `${name} works again`,
        paragraphs: ['Sending goes on, with what had waited first.'],
      }
    case 'drifted':
      return {
        subject: `The DNS of ${name} has changed`,
        paragraphs: [
          'What we need of it is not there any more, so that mail may get lost. If nobody meant to change it, please put it back. If it stays so for three days, we stop sending in its name.',
          FORWARD,
        ],
        records: news.records,
      }
    case 'lost':
      return {
        subject: `${name} does not point at us any more`,
        paragraphs: [
          'Nothing is sent in its name until it does again. Your data is kept, and goes on as before once the records are back; we look once a day.',
          FORWARD,
        ],
        records: news.records,
      }
    case 'domain_back':
      return { subject: `The DNS of ${name} is as it should be again`, paragraphs: ['You need not do anything.'] }
    case 'retained':
      return {
        subject: `${name} is taken down`,
        paragraphs: [
          `Nothing of it runs any more. What was stored is kept until ${new Date(news.until).toISOString().slice(0, 10)} and then deleted.`,
          ...leftWords(news.left),
        ],
      }
    case 'deleted':
      return {
        subject: `The data of ${name} is deleted`,
        paragraphs: [
          'What was stored for the domain is gone. The log of what was done is kept.',
          ...leftWords(news.left),
        ],
      }
  }
}

/** In his own account, whose role he has revoked. */
function leftWords(left: readonly string[]): readonly string[] {
  if (left.length === 0) return []
  return ['We are not let into your AWS account any more. This is left there, for you to delete:', ...left]
}

const STOPPED = {
  abuse: 'We have stopped it because of how it was used. Please answer this mail, so that we can talk about it.',
  domain: 'The domain is not proven to be yours at present.',
  other: 'It was stopped by us.',
} as const
