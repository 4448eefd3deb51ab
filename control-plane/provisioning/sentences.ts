import type { Run, RunKind, StepRow } from './run.ts'
import { steps } from './steps/all-steps.ts'

type Said = { readonly sentence: string; readonly vendorSentence: string }

const finished: { readonly [K in RunKind]: string } = {
  provision: 'Your domain is live.',
  update: 'Your server has the new release.',
  suspend: 'Your domain is suspended: mail is still received and kept, nothing is sent.',
  resume: 'Your domain works again.',
  unbind: 'This name is another’s now: nothing of yours holds it, and your data is kept.',
  retire: 'Your domain is retired; your data is kept for a while.',
  delete: 'Everything of your domain is deleted.',
}

/** What is waited for, in words; by the word in the step's row. */
const waits: { readonly [waitsFor: string]: Said } = {
  retry: {
    sentence: 'A service did not answer as it should; we try again by ourselves.',
    vendorSentence: 'Trouble with a call; it is tried again with growing pauses.',
  },
  visibility: {
    sentence: 'We wait until what was made can be seen.',
    vendorSentence: 'Asked for and not visible yet (eventual consistency).',
  },
  call: {
    sentence: 'Others are being set up too; yours is next in a moment.',
    vendorSentence: 'No call is free in the service’s budget for this account.',
  },
  place: {
    sentence: 'We are checking our own set-up; you need not do anything.',
    vendorSentence: 'The place is stopped: a call was denied there. Check its roles.',
  },
  capacity: {
    sentence: 'We are making room for your domain; this needs nothing from you.',
    vendorSentence: 'No open cell of the region has a slot: open a cell or raise a cap.',
  },
  full: {
    sentence: 'We are making room for your domain; this needs nothing from you.',
    vendorSentence: 'The account has no room left and no other cell has: raise its quota or open a cell.',
  },
  account: {
    sentence: 'An account of your own is being prepared; this can take a day.',
    vendorSentence: 'No account of the pool is ready.',
  },
  review: {
    sentence: 'Amazon’s mail service is reviewing the account; this can take a day or two.',
    vendorSentence: 'SES production access of the account is not granted yet.',
  },
  handover: {
    sentence: 'We wait until the former holder of the name is taken down; this needs nothing from you.',
    vendorSentence: 'The tenant that lost the name still holds its SES identity: see its run.',
  },
  licence: {
    sentence: 'The licence has to be paid before the domain can go on.',
    vendorSentence: 'The licence is in no working state.',
  },
  link: {
    sentence: 'Please create the role in your AWS account and tell us its number.',
    vendorSentence: 'The customer has not linked an account.',
  },
  delegation: {
    sentence: 'Please enter the name servers that we show at your DNS provider; we look again by ourselves.',
    vendorSentence: 'The parent does not name our servers, or resolvers do not see them yet.',
  },
  records: {
    sentence: 'Please enter the records that we show at your DNS provider; we look again by ourselves.',
    vendorSentence: 'Records are missing or wrong; see the domain.',
  },
  probe_mail: {
    sentence: 'We sent your server a mail and wait for it to arrive.',
    vendorSentence: 'The probe mail has not come back yet: see the identity, the MX, the route and the inlet queue.',
  },
  releases: {
    sentence: 'We are letting your account read our releases; you need not do anything.',
    vendorSentence:
      'The customer’s account cannot read the release bucket: add it to CustomerAccountIds of baseline-release.',
  },
  legal_hold: {
    sentence: 'Your data is kept for now.',
    vendorSentence: 'A legal hold keeps table and bucket from being deleted.',
  },
  undelegated: {
    sentence: 'Please remove the name servers of this domain at your DNS provider; until then its empty zone stays.',
    vendorSentence: 'The parent still names our servers: the zone is not deleted while it does.',
  },
}

/** Plain sentences of steps and runs. */
export const saysOf = {
  run(run: Run): Said {
    if (run.status === 'ended') return both('This was ended because something else was asked for.')
    return both(finished[run.kind])
  },
  step(step: StepRow): Said {
    const { sentence, vendorSentence } = steps[step.name]
    if (step.status === 'failed') {
      const isTheirs = step.error?.whoActs === 'licensee'
      return {
        sentence: isTheirs ? (step.error?.text ?? sentence) : 'Something needs a hand of ours; we are told of it.',
        vendorSentence: `${vendorSentence} Stopped: ${step.error?.code}: ${step.error?.text}`,
      }
    }
    // While it is looked at again it is still what is waited for: what a person is asked for must not come and go.
    const isOpen = step.status === 'waiting' || step.status === 'leased'
    const waiting = isOpen && step.waitsFor !== undefined ? waits[step.waitsFor] : undefined
    return waiting ?? { sentence, vendorSentence }
  },
}

function both(sentence: string): Said {
  return { sentence, vendorSentence: sentence }
}
