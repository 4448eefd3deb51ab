import { cancelByApi, changeByApi, createByApi } from '#tenant-stack/core/event-change/change-by-api.ts'
import { ana } from './invited.ts'
import { lifeOfAnEvent } from './life-of-an-event.ts'
import type { Act } from './story.ts'

/** Mail in, invitation, answer; then a new time, one more event and the cancel, each by a request that is sent again when it failed. */
export const lifeByApi: readonly Act[] = [
  ...lifeOfAnEvent.slice(0, 3),
  async (ctx, { known }) => {
    const start = { instant: '2027-03-06T09:00:00Z' }
    const change = { requestName: 'api_change', eventId: known.get('eventId') ?? '', ifSequence: 0, body: { start } }
    await changeByApi(ctx, change)
  },
  async (ctx) => {
    const body = { organizer: ana, subject: 'Second', start: { date: '2027-04-01' } }
    await createByApi(ctx, { requestName: 'api_create', body })
  },
  async (ctx, { known }) => {
    await cancelByApi(ctx, { requestName: 'api_cancel', eventId: known.get('eventId') ?? '', ifSequence: 1 })
  },
]
