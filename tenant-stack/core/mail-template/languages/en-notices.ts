const people = (count: number) => (count === 1 ? '1 person' : `${count} people`)

/** Who hears of a change, by the audience of an event. */
const heard = {
  responded: 'those who have answered',
  attending: 'those who said yes or maybe',
  everyone: 'everybody who was invited',
}

/** What organizers, and those who wrote to a mailbox, are told. */
export const enNotices = {
  summary: {
    what: {
      request: {
        subject: (title: string) => `Updated: ${title}`,
        title: (title: string) => `Your change of "${title}" is on its way`,
      },
      cancel: {
        subject: (title: string) => `Called off: ${title}`,
        title: (title: string) => `"${title}" is called off`,
      },
      cancel_instances: {
        subject: (title: string) => `A date called off: ${title}`,
        title: (title: string) => `A date of "${title}" is called off`,
      },
    },
    told: (count: number, audience: keyof typeof heard) => `We are telling ${people(count)}: ${heard[audience]}.`,
    nobody: (audience: keyof typeof heard) => `Nobody had to be told: of an event like this hear ${heard[audience]}.`,
    reset: 'The time changed, so their answers count no longer; everybody is asked again.',
    changed: 'Changed',
    toldFact: 'Told',
    notTold: 'Not told',
    silent: 'Want no mail, or it comes back',
    revision: 'Revision',
    footer: (mailbox: string) => `Sent because your event at ${mailbox} was changed.`,
  },
  signIn: {
    subject: (domainName: string) => `Sign in to ${domainName}`,
    title: (domainName: string) => `Sign in to ${domainName}`,
    how: (minutes: number) => `Open the page and press the button. The link works once, for ${minutes} minutes.`,
    ifNot: 'If you did not ask for it, do nothing: without the link nobody is signed in.',
    button: 'Sign in',
    footer: (domainName: string) => `Sent because somebody asked to sign in to ${domainName} with your address.`,
  },
  confirm: {
    title: 'Please confirm that you sent this',
    reached: (what: string, mailbox: string) =>
      `${what} from your address reached ${mailbox}, but your mail provider did not prove that it came from you.`,
    how: (effect: string) =>
      `If you sent it, open the page and press the button; ${effect}. The link works for 24 hours.`,
    ifNot: (nothing: string) => `If you did not send it, do nothing: ${nothing}`,
    button: 'Confirm',
    footer: (mailbox: string) => `Sent because a mail with your address as its sender reached ${mailbox}.`,
  },
  forward: {
    subject: (address: string, subject: string) => `From ${address}: ${subject}`,
    noSubject: 'a message',
    title: (address: string) => `${address} wrote to you`,
    theSubject: 'Subject',
    sentFrom: 'Sent from',
    notProved: (address: string) => `${address} (not proved)`,
    leftOut: 'Left out',
    attachments: (count: number) => (count === 1 ? '1 attachment' : `${count} attachments`),
    footer: (address: string) =>
      `Forwarded because it was written in answer to your invitation of ${address}. It counts as no answer. Reply, and you write to ${address}.`,
  },
  proposal: {
    subject: (title: string) => `New time proposed: ${title}`,
    title: 'Another time is proposed',
    who: (who: string, title: string) => `${who} proposes another time for "${title}".`,
    byOther: (writer: string, invited: string) => `It was written by ${writer}, who has the invitation of ${invited}.`,
    isStale: 'The event has another time by now, so there is nothing to decide.',
    isSeries: 'It is for the whole series: to move it, move it in your own calendar. On the page you can decline.',
    decide:
      'Nothing has changed yet. Accept it, and everybody who has to know gets the new time; decline it, and the one who proposed is told.',
    now: 'Now',
    proposed: 'Proposed',
    comment: 'Comment',
    button: 'Accept or decline',
    footer: 'The link is for you alone: whoever has it can decide.',
  },
  decline: {
    subject: (title: string) => `Time stays: ${title}`,
    title: 'The time stays as it is',
    cannot: (organizer: string, title: string) => `${organizer} cannot move "${title}" to the time that you proposed.`,
    stays: 'Stays',
    youProposed: 'You proposed',
    footer: (organizer: string, domainName: string) =>
      `Sent for ${organizer} by ${domainName}, because another time was proposed in answer to your invitation.`,
  },
  reportAnswer: {
    how: 'Write the id of the event, or its exact subject, into the subject of a mail. The id is in the mail that told you that the event was created.',
    noneSubject: 'No event found for a report',
    noneSubjectOf: (title: string) => `No event found: ${title}`,
    noneTitle: 'No event of yours was found',
    none: 'You asked for a report, and none of your events has this id or this subject.',
    asked: 'You asked for',
    othersSubject: (title: string) => `More events found: ${title}`,
    othersTitle: 'More of your events fit',
    others:
      'You get the reports of the next ones in mails of their own. For another one of these, write its id into the subject of a mail.',
    more: (count: number) => `And ${count} more.`,
    footer: (mailbox: string) => `Sent because a mail from your address reached ${mailbox}.`,
  },
  report: {
    subject: (title: string) => `Report: ${title}`,
    title: (title: string) => `Who comes to "${title}"`,
    nobody: 'Nobody has been invited yet.',
    plain: 'Everybody who was invited is in the attached file, with address and answer.',
    packed:
      'Everybody who was invited is in the attached file, with address and answer. It is packed, because it is large: unpack it first.',
    isSafe:
      'An apostrophe before a cell marks text that a spreadsheet would take for a formula; it is not part of what was written.',
    noFile:
      'The list of attendees is too large for a mail. Whoever has a key of the API can download it by parts; the header Link of each answer leads to the next one:',
    status: 'Status',
    cancelled: 'Cancelled',
    counts: {
      invited: 'Invited',
      accepted: 'Accepted',
      declined: 'Declined',
      tentative: 'Tentative',
      delegated: 'Delegated',
      none: 'No answer',
      sent: 'Mails sent',
      bounced: 'Bounced',
    },
    footer:
      'Sent to you alone, because you are the organizer and the report of this event was asked for. Reply to this mail, and you get a new one.',
  },
  list: {
    checked: {
      word: 'Please confirm your list',
      title: (valid: number) => (valid === 0 ? 'Your list would reach nobody' : `${people(valid)} would be invited`),
      none: (title: string) => `Your list for "${title}" was checked: none of its lines would get an invitation.`,
      some: (title: string) => `Your list for "${title}" was checked. Nothing has been sent yet.`,
      over: (count: number) => `${count} of them are more than your limits have room for at present.`,
      how: (days: number) =>
        `To send it, open the page and press the button; there you can cancel it, too. The link works for ${days} days and is for you alone.`,
      button: 'Look and confirm',
    },
    waits: {
      word: 'Your list waits',
      title: 'The limit of this day is reached',
      until: (title: string, until: string) =>
        `Your list for "${title}" stands still because this server may invite no more people today. It goes on by itself at ${until}; you need do nothing.`,
      faster: 'Ask your administrator when it has to be faster.',
    },
    stopped: {
      word: 'Your list stands still',
      title: 'This server sends no mail at present',
      why: (title: string) =>
        `Your list for "${title}" stands still: too many mails of this server came back or were complained about, so all its mail to attendees is stopped.`,
      goesOn: 'Your administrator lets it go on. The list then goes on by itself, and nobody is invited twice.',
    },
    done: {
      word: 'Your list is sent',
      title: (sent: number) => `${people(sent)} invited`,
      isDone: (title: string) => `Your list for "${title}" is done.`,
      sent: 'Sent',
      failed: 'Refused by their mail servers',
      heldBack: 'Held back, who want no mail by now',
    },
    list: 'List',
    eachLine: 'Each line by API',
    sentSoFar: 'Sent so far',
    lines: 'Lines',
    leftOut: 'Left out',
    footer: (title: string) => `Sent because you invite people to "${title}" with a list.`,
  },
}
