import { isFailure } from '#shared/errors/failure.ts'
import type { TableItem } from '#shared/platform/table.ts'
import type { Ctx } from '#tenant-stack/core/context.ts'
import { forgetMail, forgetMailFile } from '#tenant-stack/core/person/forget-mail.ts'
import { isNamedInBytes, withoutLinesOf } from '#tenant-stack/core/person/named-in-bytes.ts'
import type { Person } from '#tenant-stack/core/person/person.ts'
import { countOperation, type PersonWork } from '#tenant-stack/core/person/person-job.ts'
import { planRow } from '#tenant-stack/core/person/plan-row.ts'
import { EXPORTS, kindOfRow } from '#tenant-stack/core/person/row-kind.ts'
import { findBlob } from './find-blob.ts'
import { nothing, type Visited, type Visitor } from './visitor.ts'

/** Work that still goes on with a row or a mail ends by then; a mail that nobody could deal with for so long is erased all the same. */
const STUCK_AFTER_MS = 86_400_000

const found: Visited = { isDirty: true }

/** Takes a person out of each row and object. Each write holds only for what was read; what has moved meanwhile is left for the next pass. */
export function eraseVisitor(ctx: Ctx, person: Person, work: PersonWork): Visitor {
  const { jobId } = work
  const isStuck = () => ctx.clock.now() - work.requestedAt > STUCK_AFTER_MS
  const count = async (kind: Parameters<typeof countOperation>[1], n = 1) =>
    ctx.table.write(countOperation(jobId, kind, n))

  async function row(item: TableItem): Promise<boolean> {
    const kind = kindOfRow(ctx, person, item)
    if (kind === undefined) return false
    const operation = planRow(person, kind, item, ctx.clock.now())
    if (operation === undefined) return false
    if (isWaitedFor(person, item) && !isStuck()) return true
    // Before the row that tells of the mail: by another address of his, nothing else leads to it.
    const isSaidByMail = kind === 'answers' || kind === 'proposals'
    if (isSaidByMail && typeof item.mailId === 'string') await forgetMail(ctx, item.mailId)
    try {
      await ctx.table.transact([operation, countOperation(jobId, kind)])
    } catch (error) {
      if (!isFailure(error, 'table.condition_failed') && !isFailure(error, 'table.conflict')) throw error
    }
    return true
  }

  async function mailFile(key: string): Promise<Visited> {
    const bytes = await findBlob(ctx, key)
    if (bytes === undefined || !isNamedInBytes(person, bytes)) return nothing
    if (await forgetMailFile(ctx, key, isStuck())) await count('mail_files')
    return found
  }

  async function rewritten(
    key: string,
    kind: 'list_files' | 'event_files',
    redact: (bytes: Uint8Array) => Uint8Array,
  ): Promise<Visited> {
    const bytes = await findBlob(ctx, key)
    if (bytes === undefined || !isNamedInBytes(person, bytes)) return nothing
    const left = redact(bytes)
    // A name inside of what only looks like base64 there is nobody's.
    if (Buffer.compare(left, bytes) === 0) return nothing
    await ctx.blobs.put(key, left)
    await count(kind)
    return found
  }

  return {
    async rows(items) {
      let isDirty = false
      for (const item of items) isDirty = (await row(item)) || isDirty
      return { isDirty }
    },
    async blob(key) {
      if (key.startsWith('inbound/')) return mailFile(key)
      if (key.startsWith('lists/')) return rewritten(key, 'list_files', (bytes) => withoutLinesOf(person, bytes))
      return rewritten(key, 'event_files', (bytes) =>
        new TextEncoder().encode(person.redact(new TextDecoder().decode(bytes))),
      )
    },
    async sent(after) {
      if (ctx.mailer.blank === undefined) return nothing
      const isHis = (mail: { readonly envelopeTo: string; readonly raw: Uint8Array }) =>
        person.isNamedIn(mail.envelopeTo) || isNamedInBytes(person, mail.raw)
      const { blanked, cursor } = await ctx.mailer.blank(isHis, after)
      if (blanked > 0) await count('sent_copies', blanked)
      return { isDirty: blanked > 0, ...(cursor === undefined ? {} : { cursor }) }
    },
  }
}

/** A notice to him that is on its way, or his own export: it ends by itself. */
function isWaitedFor(person: Person, { pk, sk, resume, notices }: TableItem): boolean {
  return (pk.startsWith(EXPORTS) && sk === 'work') || person.isNamedIn(JSON.stringify([resume, notices]))
}
