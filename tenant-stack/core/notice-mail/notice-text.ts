import { oneLine } from '#shared/imip/compose/header-text.ts'
import type { Brand } from '../mail-template/brand.ts'
import { footersOf, helpLines, mailHtml } from '../mail-template/mail-html.ts'

/** The text of one notice: subject, plain text and HTML. */
type NoticeText = { readonly subject: string; readonly text: string; readonly html: string }

/** What a notice says, all of it plain text. */
export type NoticeParts = {
  readonly subject: string
  readonly title: string
  readonly paragraphs: readonly string[]
  readonly facts: readonly (readonly [string, string])[]
  readonly links: readonly (readonly [string, string])[]
  readonly footer: string
}

/** Lays a notice out alike in text and HTML, in the tenant's brand. */
export function noticeText(brand: Brand, parts: NoticeParts): NoticeText {
  const footer = [parts.footer, ...helpLines(brand)]
  const text = [
    parts.title,
    '',
    ...parts.paragraphs.flatMap((paragraph) => [paragraph, '']),
    ...parts.facts.map(([name, value]) => `${name}: ${value}`),
    ...(parts.facts.length > 0 ? [''] : []),
    ...parts.links.map(([label, url]) => `${label}: ${url}`),
    ...(parts.links.length > 0 ? [''] : []),
    '-- ',
    ...footer,
    ...(brand.footerText === '' ? [] : [brand.footerText]),
    '',
  ].join('\n')
  const html = mailHtml(brand, {
    title: parts.title,
    paragraphs: parts.paragraphs,
    facts: parts.facts.map(([name, value]) => ({ name, value })),
    links: parts.links.map(([label, url]) => ({ label, url })),
    footers: footersOf(footer),
  })
  return { subject: oneLine(parts.subject, 300), text, html }
}
