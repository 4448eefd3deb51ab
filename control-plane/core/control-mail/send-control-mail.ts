import { Failure, isFailure } from '#shared/errors/failure.ts'
import { composeNotice } from '#shared/imip/compose/compose-notice.ts'
import type { AttributeValue } from '#shared/platform/table.ts'
import type { Ctx } from '../context.ts'
import { markDue, notDueRemoves } from '../due.ts'
import { ControlMail, controlMailKey } from './control-mail.ts'

/** So long nobody sends again what may have been taken: by then the feed has told of it. */
const UNKNOWN_MS = 15 * 60_000
const RETRY_MS = 60_000
const RETRY_MS_MAX = 6 * 3_600_000

/** Sends a planned mail: once for certain, and again only if the mailer cannot tell for 15 minutes. Runs twice or beside its twin harmlessly. */
export async function sendControlMail(ctx: Ctx, input: { readonly controlMailId: string }): Promise<void> {
  const row = await ctx.table.get(controlMailKey(input.controlMailId))
  if (row === undefined) return
  const mail = ControlMail.parse(row)
  if (mail.state === 'sent' || mail.state === 'refused') return
  if (mail.state === 'sending') {
    const fate = await ctx.mailer.lookup(sendIdOf(mail))
    if (fate.fate === 'accepted') return settle(ctx, mail, { state: 'sent', mailerMessageId: fate.mailerMessageId })
    const isTooYoung = ctx.clock.now() - (mail.startedAt ?? 0) < UNKNOWN_MS
    // A claim made just now is a twin at work, whatever the mailer knows of it.
    if (isTooYoung) return
  }
  const claimed = await claim(ctx, mail)
  if (claimed !== undefined) await attempt(ctx, claimed)
}

function sendIdOf({ controlMailId, attempt }: ControlMail): string {
  return `${controlMailId}_${attempt}`
}

async function claim(ctx: Ctx, mail: ControlMail): Promise<ControlMail | undefined> {
  const claimed: ControlMail = { ...mail, state: 'sending', attempt: mail.attempt + 1, startedAt: ctx.clock.now() }
  const isOurs = await write(ctx, mail, {
    set: { state: claimed.state, attempt: claimed.attempt, startedAt: ctx.clock.now() },
    dueAt: ctx.clock.now() + UNKNOWN_MS,
  })
  return isOurs ? claimed : undefined
}

async function attempt(ctx: Ctx, mail: ControlMail): Promise<void> {
  try {
    const { mailerMessageId } = await ctx.mailer.send({
      sendId: sendIdOf(mail),
      envelopeFrom: ctx.settings.mailFrom,
      envelopeTo: mail.to,
      raw: composeNotice({
        from: { address: ctx.settings.mailFrom, name: ctx.settings.vendorName },
        to: { address: mail.to },
        subject: mail.subject,
        text: mail.text,
        html: mail.html,
        autoSubmitted: 'auto-generated',
        messageId: `${mail.controlMailId}@${ctx.settings.mailFrom.split('@').at(-1) ?? ''}`,
        date: ctx.clock.now(),
      }),
    })
    await settle(ctx, mail, { state: 'sent', mailerMessageId })
  } catch (error) {
    if (!(error instanceof Failure) || error.code.startsWith('table.')) throw error
    ctx.log.warn({ at: 'control-mail.failed', controlMailId: mail.controlMailId, code: error.code })
    // Ambiguous: left as `sending`; it is looked up when its time has passed.
    if (error.code === 'mailer.ambiguous') return
    if (!error.retry) return settle(ctx, mail, { state: 'refused', refusal: error.code })
    const wait = Math.min(RETRY_MS * 2 ** Math.min(mail.attempt, 10), RETRY_MS_MAX)
    await write(ctx, mail, { set: { state: 'planned' }, dueAt: ctx.clock.now() + wait })
  }
}

async function settle(
  ctx: Ctx,
  mail: ControlMail,
  set: { readonly state: 'sent' | 'refused'; readonly mailerMessageId?: string; readonly refusal?: string },
): Promise<void> {
  await write(ctx, mail, { set: { ...set } })
}

/** Only over the state and attempt that were read; false when a twin was first. */
async function write(
  ctx: Ctx,
  mail: ControlMail,
  change: { readonly set: { readonly [name: string]: AttributeValue }; readonly dueAt?: number },
): Promise<boolean> {
  const { controlMailId } = mail
  const due =
    change.dueAt === undefined
      ? { set: change.set, remove: notDueRemoves }
      : {
          set: {
            ...change.set,
            ...markDue(ctx, {
              rowName: controlMailId,
              dueAt: change.dueAt,
              queueName: 'mail-due',
              body: { controlMailId },
            }),
          },
        }
  try {
    await ctx.table.write({
      kind: 'update',
      key: controlMailKey(controlMailId),
      ...due,
      when: {
        allOf: [
          { attribute: 'state', is: '=', value: mail.state },
          { attribute: 'attempt', is: '=', value: mail.attempt },
        ],
      },
    })
    return true
  } catch (error) {
    if (!isFailure(error, 'table.condition_failed')) throw error
    return false
  }
}
