import type { Buffer } from 'node:buffer'
import { type Declined, isDeclined, type MailPart } from '../mail-part.ts'
import { parseByMailparser } from '../mailparser-door.ts'
import { bodyText, scanMessage } from '../scan-message.ts'
import { type Leaf, scanParts } from '../scan-parts.ts'
import { type ReasonId, reasonFor } from './differences.ts'

/** One place where our scanner and mailparser read a mail differently; `reason` names the rule that explains it. */
export type Difference = {
  readonly place: string
  readonly ours: string
  readonly theirs: string
  readonly reason: ReasonId | undefined
}

export type Comparison =
  | { readonly kind: 'declined'; readonly reason: Declined['declined'] }
  | { readonly kind: 'compared'; readonly parts: number; readonly differences: readonly Difference[] }

/** What mailparser puts into `text` and `html` for these leaves, when each holds what we decoded. */
function joinedBodies(leaves: readonly Leaf[], isSingle: boolean): { text: string; html: string } {
  const bodies = leaves.filter((leaf) => leaf.entity.isBody)
  const hasText = bodies.some((leaf) => leaf.entity.contentType === 'text/plain')
  const hasHtml = bodies.some((leaf) => leaf.entity.contentType === 'text/html')
  const texts: string[] = []
  const htmls: string[] = []
  for (const leaf of bodies) {
    const content = bodyText(leaf) ?? ''
    if (content === '') continue
    if (leaf.entity.contentType === 'text/plain') {
      texts.push(content)
      if (!leaf.isInAlternative && hasHtml) htmls.push('')
    } else {
      if ((!leaf.isInAlternative && hasText) || (isSingle && !hasText)) texts.push('')
      htmls.push(content)
    }
  }
  return { text: texts.join('\n'), html: htmls.join('<br/>\n') }
}

/** Reads one mail by both and says, part by part, where they differ; forwarded messages are compared one level down too. */
export async function compareReaders(raw: Buffer, depth = 0): Promise<Comparison> {
  const message = scanMessage(raw)
  const scanned = scanParts(raw)
  if (isDeclined(message)) return { kind: 'declined', reason: message.declined }
  if (isDeclined(scanned)) return { kind: 'declined', reason: scanned.declined }
  const mail = await parseByMailparser(raw)
  const differences: Difference[] = []
  const note = (place: string, ours: string, theirs: string, leaf?: Leaf) => {
    if (ours !== theirs)
      differences.push({ place, ours, theirs, reason: reasonFor({ place, ours, theirs, leaf, scanned }) })
  }
  if ('unread' in mail) {
    note('mail', 'read', `unread: ${mail.unread}`)
    return { kind: 'compared', parts: scanned.leaves.length, differences }
  }
  const expected = joinedBodies(scanned.leaves, scanned.multiparts.length === 0)
  note('text', expected.text, mail.text ?? '')
  note('html', expected.html, typeof mail.html === 'string' ? mail.html : '')
  const ours = message.parts.filter((part) => !part.isBody)
  const leaves = scanned.leaves.filter((leaf) => !leaf.entity.isBody)
  note('attachments', String(ours.length), String(mail.attachments.length))
  for (const [index, part] of ours.entries()) {
    const theirs = mail.attachments[index]
    if (!theirs) continue
    const leaf = leaves[index]
    note(`part ${index} type`, part.contentType, theirs.contentType, leaf)
    note(`part ${index} name`, part.filename ?? '', theirs.filename || '', leaf)
    const content = part.content()
    note(`part ${index} content`, content.toString('latin1'), theirs.content.toString('latin1'), leaf)
    note(`part ${index} size`, String(part.sizeBytes()), String(content.length), leaf)
    if (isMessage(part) && depth < 5) {
      const inner = await compareReaders(content, depth + 1)
      if (inner.kind === 'compared')
        differences.push(...inner.differences.map((one) => ({ ...one, place: `${index}/${one.place}` })))
    }
  }
  return { kind: 'compared', parts: scanned.leaves.length, differences }
}

function isMessage(part: MailPart): boolean {
  return part.contentType === 'message/rfc822'
}
