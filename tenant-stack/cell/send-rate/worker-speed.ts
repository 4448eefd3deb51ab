import type { Clock } from '#shared/platform/small-ports.ts'
import { LANE_PER_SECOND, WINDOW_MS } from './slots.ts'

/** Longer is no mail: the worker had nothing to send. */
const MAIL_MS_MAX = 5000
/** Of its time a worker plans so much: a mail that takes longer than the last ones is not to make the next ones late. */
const PLANNED = 0.8
const LANES_MAX = 10

/** How quickly a worker sends, by its last mails. */
export function createWorkerSpeed(clock: Pick<Clock, 'now'>) {
  let mailMs = 100
  let beganAt: number | undefined
  return {
    began() {
      beganAt = clock.now()
    },
    ended() {
      const took = beganAt === undefined ? MAIL_MS_MAX : clock.now() - beganAt
      if (took < MAIL_MS_MAX) mailMs = 0.8 * mailMs + 0.2 * Math.max(took, 1)
      beganAt = undefined
    },
    mailMs: () => mailMs,
    /** How many lanes it can serve. */
    lanes: () => Math.min(LANES_MAX, Math.max(1, Math.round((PLANNED * 1000) / LANE_PER_SECOND / mailMs))),
    mailsInWindow: () => Math.ceil(WINDOW_MS / mailMs),
  }
}
