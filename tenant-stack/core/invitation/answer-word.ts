import type * as z from 'zod'
import type { InvitationView } from '#shared/contracts/api.ts'
import type { Partstat } from '#shared/icalendar/model.ts'

type Answer = z.infer<typeof InvitationView>['answer']

const ANSWERS: Readonly<Record<Partstat, Answer>> = {
  'NEEDS-ACTION': 'none',
  ACCEPTED: 'accepted',
  DECLINED: 'declined',
  TENTATIVE: 'tentative',
  DELEGATED: 'delegated',
}

/** An answer as people and programs are told it. */
export function answerWord(partstat: Partstat): Answer {
  return ANSWERS[partstat]
}
