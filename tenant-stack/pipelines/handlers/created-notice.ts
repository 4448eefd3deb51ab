import { EventCreated, NoticeDue } from '#shared/contracts/notices.ts'
import { noticedSummary } from '#tenant-stack/core/fan-out/summary-notice.ts'
import { noticedProposalId } from '#tenant-stack/core/proposal/proposal.ts'
import { noticedList } from '#tenant-stack/core/recipient-list/list-notices.ts'
import { isForwardNotice } from '#tenant-stack/core/reply/forward.ts'
import { isReportAnswer } from '#tenant-stack/core/report/report-answer.ts'
import { noticedSignIn } from '#tenant-stack/core/session/ask-sign-in.ts'
import { sendCreatedNotice } from '../notice/created-notice.ts'
import { sendForward } from '../notice/forward-notice.ts'
import { sendListNotice } from '../notice/list-notice.ts'
import { sendProposalNotice } from '../notice/proposal-notice.ts'
import { sendReportAnswer } from '../notice/report-answer-notice.ts'
import { sendSignInLink } from '../notice/sign-in-notice.ts'
import { sendSummaryNotice } from '../notice/summary-notice.ts'
import type { PipelineHandler } from '../pipeline-handler.ts'

/** Two topics, one queue: the body tells which. */
export const createdNotice: PipelineHandler = async (ctx, body) => {
  const notice: unknown = JSON.parse(body)
  const due = NoticeDue.safeParse(notice)
  if (!due.success) return sendCreatedNotice(ctx, EventCreated.parse(notice))
  const { noticeId } = due.data
  if (isForwardNotice(noticeId)) return sendForward(ctx, noticeId)
  if (isReportAnswer(noticeId)) return sendReportAnswer(ctx, noticeId)
  const listed = noticedList(noticeId)
  if (listed !== undefined) return sendListNotice(ctx, listed)
  const proposalId = noticedProposalId(noticeId)
  if (proposalId !== undefined) return sendProposalNotice(ctx, proposalId)
  const askId = noticedSignIn(noticeId)
  if (askId !== undefined) return sendSignInLink(ctx, askId)
  const revised = noticedSummary(noticeId)
  if (revised !== undefined) await sendSummaryNotice(ctx, revised)
}
