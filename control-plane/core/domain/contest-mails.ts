import type { Ctx } from '../context.ts'
import type { PlannedMail } from '../control-mail/plan-control-mail.ts'
import { Licensee, licenseeKey } from '../licensee/licensee.ts'
import type { ContestRow } from './contest-row.ts'

/** What a step of a contest tells, and whom; neither is told who the other is. */
export type ContestNews = 'warned' | 'kept' | 'dropped' | 'won' | 'moot'

type Words = { readonly subject: string; readonly paragraphs: readonly string[] }

/** The mails of one step, each once for a contest; a licensee who is no more gets none. */
export async function contestMails(ctx: Ctx, contest: ContestRow, news: ContestNews): Promise<readonly PlannedMail[]> {
  const { owner, challenger } = contest
  const rows = await ctx.table.getMany([licenseeKey(owner.licenseeId), licenseeKey(challenger.licenseeId)])
  const parties = rows.map((row) => Licensee.parse(row))
  return [
    ...mailsTo(
      ctx,
      contest,
      news,
      'holder',
      parties.find(({ licenseeId }) => licenseeId === owner.licenseeId),
    ),
    ...mailsTo(
      ctx,
      contest,
      news,
      'challenger',
      parties.find(({ licenseeId }) => licenseeId === challenger.licenseeId),
    ),
  ]
}

function mailsTo(
  ctx: Ctx,
  contest: ContestRow,
  news: ContestNews,
  party: 'holder' | 'challenger',
  licensee: Licensee | undefined,
): readonly PlannedMail[] {
  const { domainName, openedAt } = contest
  const words = (party === 'holder' ? holderWords : challengerWords)(contest, news)
  if (licensee === undefined || words === undefined) return []
  return [
    {
      mailKey: `contest:${domainName}:${openedAt}:${news}:${party}`,
      to: licensee.billingEmail,
      parts: {
        ...words,
        links: [['Your domains', `${ctx.settings.publicUrl}/contests`]],
        footer: `${ctx.settings.vendorName}, domain ${domainName} of ${licensee.name}`,
      },
    },
  ]
}

function holderWords({ domainName, unbindAt }: ContestRow, news: ContestNews): Words | undefined {
  const until = dayOf(unbindAt)
  switch (news) {
    case 'warned':
      return {
        subject: `Is ${domainName} still yours? Show it before ${until}`,
        paragraphs: [
          `Somebody has shown by a DNS record that ${domainName} is under their control, and wants to use it here.`,
          `If the domain is still yours, sign in, open the contest of ${domainName}, ask for a new proof and enter its TXT record before ${until}. Then nothing changes.`,
          `If you do nothing, ${domainName} is no longer yours here after that time: nothing is sent in its name any more. Your data is kept and locked.`,
          'If you do not know who it may be, look who else can change your DNS.',
        ],
      }
    case 'kept':
      return {
        subject: `${domainName} stays yours`,
        paragraphs: [`You have proven ${domainName}. The contest is over and nothing has changed.`],
      }
    case 'dropped':
      return {
        subject: `The contest of ${domainName} is over`,
        paragraphs: [`Whoever contested ${domainName} does not show that it is theirs any more. Nothing has changed.`],
      }
    case 'won':
      return {
        subject: `${domainName} is not yours here any more`,
        paragraphs: [
          `You were asked to show that ${domainName} is still yours and did not. Somebody else has shown that it is theirs.`,
          'Nothing is sent in its name by us any more. Your data is kept and locked; you can export it.',
        ],
      }
    case 'moot':
      return undefined
  }
}

function challengerWords({ domainName, unbindAt }: ContestRow, news: ContestNews): Words | undefined {
  switch (news) {
    case 'warned':
      return {
        subject: `You contest ${domainName}`,
        paragraphs: [
          `Whoever holds ${domainName} here was told. Unless they show that it is theirs, it can be yours after ${dayOf(unbindAt)}.`,
          'Leave your TXT record where it is until then: we look at it several times a day.',
        ],
      }
    case 'kept':
      return {
        subject: `${domainName} stays with whoever holds it`,
        paragraphs: [`Whoever holds ${domainName} here has shown that it is theirs. The contest is over.`],
      }
    case 'dropped':
      return {
        subject: `Your contest of ${domainName} is over`,
        paragraphs: [
          `We have not seen your TXT record for a day, or its time was over. To contest ${domainName} again, ask for a new proof.`,
        ],
      }
    case 'won':
      return {
        subject: `${domainName} can be yours now`,
        paragraphs: [`${domainName} is free for you: claim it. It is kept for you for two weeks.`],
      }
    case 'moot':
      return {
        subject: `Your contest of ${domainName} is over`,
        paragraphs: [`Whoever held ${domainName} here holds it no more: claim it anew.`],
      }
  }
}

function dayOf(epochMs: number): string {
  return `${new Date(epochMs).toISOString().slice(0, 16).replace('T', ' ')} UTC`
}
