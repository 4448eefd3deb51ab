import type { Context } from 'hono'
import * as z from 'zod'
import type { Money } from '../money/money-context.ts'
import { type Engine, runDue } from '../money/run-due.ts'
import { BY_ITSELF } from '../state/run-unit.ts'
import { type Markup, pageHeaders, text } from './frame.ts'

/** What a page answers: itself, or where to go. */
export type PageAnswer =
  | { readonly page: Markup; readonly status?: number; readonly returnUrl?: string | null }
  | { readonly goTo: string }

const Text = z.record(z.string(), z.string().catch(''))

/** The fields of a posted form. */
export async function postedFields(c: Context): Promise<Readonly<Record<string, string>>> {
  return Text.parse(await c.req.parseBody())
}

/** One unit of work behind a page, with everything that is due by now done before it. */
export async function answerPage(engine: Engine, work: (money: Money) => Promise<PageAnswer>): Promise<Response> {
  const { ctx, runUnit } = engine
  await runDue(engine)
  const answer = await ctx.oneAtATime(() =>
    runUnit(BY_ITSELF, (unit) => work({ unit, settings: ctx.settings, baseUrl: ctx.baseUrl() })),
  )
  if ('goTo' in answer) return new Response(null, { status: 303, headers: { location: answer.goTo } })
  return new Response(await text(answer.page), {
    status: answer.status ?? 200,
    headers: pageHeaders(answer.returnUrl),
  })
}
