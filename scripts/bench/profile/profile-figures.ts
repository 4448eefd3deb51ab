import { fork } from 'node:child_process'
import * as z from 'zod'
import type { Figure, RunGroup } from '../../figures/figure.ts'
import { startMockSes } from '../send/mock-ses.ts'
import { answerOf } from '../side-by-side/answer-of.ts'
import { STAGES } from './stages.ts'

const PEOPLE = 5000
const Times = z.partialRecord(z.enum(STAGES), z.number())

/**
 * Where the time of the send path goes: one mail after another on the embedded table, handed over by the SES Mailer to a server on this machine, over
 * TLS. Everything of it is in sequence, so that each moment belongs to one stage.
 */
export const profileFigures: RunGroup = async () => {
  const ses = await startMockSes()
  try {
    const child = fork(new URL('profile-run.ts', import.meta.url), [String(PEOPLE)], {
      env: { ...process.env, ...ses.env },
    })
    const times = Times.parse(await answerOf(child))
    return STAGES.map(
      (stage): Figure => ({
        group: 'profile',
        name: `${stage}_us`,
        value: ((times[stage] ?? 0) * 1000) / PEOPLE,
        unit: 'us',
      }),
    )
  } finally {
    await ses.close()
  }
}
