import { oneLine } from '#shared/imip/compose/header-text.ts'
import { escapeHtml, factsHtml, mailHtml } from '../invite-mail/html.ts'

/** The text of one notice: subject, plain text and HTML. */
export type NoticeText = { readonly subject: string; readonly text: string; readonly html: string }

export type NoticeParts = {
  readonly subject: string
  readonly title: string
  /** Paragraphs of plain text. */
  readonly paragraphs: readonly string[]
  readonly facts: readonly (readonly [string, string])[]
  readonly links: readonly (readonly [string, string])[]
  readonly footer: string
}

/** Lays a notice out alike in text and HTML; every value is escaped here and nowhere else. */
export function noticeText(parts: NoticeParts): NoticeText {
  const text = [
    parts.title,
    '',
    ...parts.paragraphs.flatMap((paragraph) => [paragraph, '']),
    ...parts.facts.map(([name, value]) => `${name}: ${value}`),
    ...(parts.facts.length > 0 ? [''] : []),
    ...parts.links.map(([label, url]) => `${label}: ${url}`),
    ...(parts.links.length > 0 ? [''] : []),
    '-- ',
    parts.footer,
    '',
  ].join('\n')
  const html = mailHtml({
    title: parts.title,
    bodyHtml: [
      `<h1 style="margin:0 0 12px;font-size:22px;line-height:1.25">${escapeHtml(parts.title)}</h1>`,
      ...parts.paragraphs.map((paragraph) => `<p style="margin:0 0 12px">${escapeHtml(paragraph)}</p>`),
      parts.facts.length > 0 ? factsHtml(parts.facts.map(([name, value]) => [name, escapeHtml(value)] as const)) : '',
      ...parts.links.map(
        ([label, url]) =>
          `<p style="margin:0 0 12px"><a href="${escapeHtml(url)}" style="display:inline-block;padding:10px 18px;border-radius:6px;background:#1d4ed8;color:#ffffff;text-decoration:none">${escapeHtml(label)}</a></p>`,
      ),
    ].join('\n'),
    footerHtml: escapeHtml(parts.footer),
  })
  return { subject: oneLine(parts.subject, 300), text, html }
}
