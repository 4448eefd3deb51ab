import { oneLine } from '#shared/imip/compose/header-text.ts'
import { escapeHtml } from '#shared/imip/compose/slots.ts'

/** What a mail says; plain text everywhere. */
export type ControlMailParts = {
  readonly subject: string
  readonly paragraphs: readonly string[]
  /** Lines that are copied by hand, such as DNS records. */
  readonly facts?: readonly (readonly [string, string])[]
  readonly links?: readonly (readonly [string, string])[]
  readonly footer: string
}

const PAGE = 'margin:0;padding:24px;font-family:Helvetica,Arial,sans-serif;font-size:16px;line-height:1.5;color:#1d2330'

/** The same words as text and as HTML; every value is escaped here and nowhere else. */
export function controlMailText(parts: ControlMailParts): {
  readonly subject: string
  readonly text: string
  readonly html: string
} {
  const { paragraphs, facts = [], links = [], footer } = parts
  const text = [
    ...paragraphs.map((paragraph) => `${paragraph}\n`),
    ...(facts.length === 0 ? [] : [facts.map(([name, value]) => `${name}: ${value}`).join('\n') + '\n']),
    ...(links.length === 0 ? [] : [links.map(([label, url]) => `${label}: ${url}`).join('\n') + '\n']),
    `-- \n${footer}\n`,
  ].join('\n')
  const html = [
    `<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>${escapeHtml(parts.subject)}</title></head><body style="${PAGE}">`,
    ...paragraphs.map((paragraph) => `<p>${escapeHtml(paragraph)}</p>`),
    ...(facts.length === 0
      ? []
      : [`<table cellpadding="4">${facts.map(([name, value]) => row(name, value)).join('')}</table>`]),
    ...links.map(([label, url]) => `<p><a href="${escapeHtml(url)}">${escapeHtml(label)}</a></p>`),
    `<p style="font-size:13px;color:#5a6272">${escapeHtml(footer)}</p></body></html>`,
  ].join('\n')
  return { subject: oneLine(parts.subject, 300), text, html }
}

function row(name: string, value: string): string {
  return `<tr><td>${escapeHtml(name)}</td><td><code>${escapeHtml(value)}</code></td></tr>`
}
