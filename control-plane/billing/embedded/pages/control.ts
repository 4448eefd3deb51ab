import { Hono } from 'hono'
import { closeDispute, openDispute } from '../money/disputes.ts'
import type { Engine } from '../money/run-due.ts'
import { controlPage } from './control-page.ts'
import { answerPage, postedFields } from './page-call.ts'

/** The double's own control door. */
export function createControl(engine: Engine): Hono {
  const app = new Hono()
  app.get('/', (c) => c.redirect('/double', 302))
  app.get('/double', () => answerPage(engine, controlPage))
  app.post('/double/dispute', async (c) => {
    const { object: chargeId = '' } = await postedFields(c)
    return answerPage(engine, async ({ unit }) => {
      const charge = await unit.need('charge', chargeId)
      if (!charge.disputed) openDispute(unit, charge, { reason: 'fraudulent', amount: charge.amount })
      return { goTo: '/double' }
    })
  })
  for (const outcome of ['won', 'lost'] as const)
    app.post(`/double/dispute/${outcome}`, async (c) => {
      const { object: disputeId = '' } = await postedFields(c)
      return answerPage(engine, async ({ unit }) => {
        await closeDispute(unit, disputeId, outcome)
        return { goTo: '/double' }
      })
    })
  return app
}
