/** Escapes text for an HTML text node or a quoted attribute. */
export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')
}

/** Plain text as HTML: escaped, line ends kept. */
export function textAsHtml(text: string): string {
  return escapeHtml(text).replaceAll(/\r\n|\r|\n/g, '<br>\n')
}

/** One page of a mail: a narrow column that every client renders alike; styles are inline because clients drop the rest. */
export function mailHtml(input: {
  readonly title: string
  readonly bodyHtml: string
  readonly footerHtml: string
}): string {
  return [
    '<!doctype html>',
    `<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escapeHtml(input.title)}</title></head>`,
    '<body style="margin:0;padding:24px 12px;background:#f4f5f7;font-family:Helvetica,Arial,sans-serif;font-size:16px;line-height:1.5;color:#1d2330">',
    '<table role="presentation" align="center" width="100%" style="max-width:560px;margin:0 auto;background:#ffffff;border-radius:10px" cellpadding="0" cellspacing="0"><tr><td style="padding:28px">',
    input.bodyHtml,
    '</td></tr></table>',
    `<p style="max-width:560px;margin:16px auto 0;padding:0 12px;font-size:13px;color:#5a6272">${input.footerHtml}</p>`,
    '</body></html>',
  ].join('\n')
}

/** A two-column fact list: What, When, Where. Values are HTML. */
export function factsHtml(facts: readonly (readonly [string, string])[]): string {
  const rows = facts.map(
    ([name, value]) =>
      `<tr><td style="padding:4px 16px 4px 0;color:#5a6272;vertical-align:top;white-space:nowrap">${escapeHtml(name)}</td><td style="padding:4px 0;vertical-align:top">${value}</td></tr>`,
  )
  return `<table role="presentation" cellpadding="0" cellspacing="0" style="margin:16px 0">${rows.join('\n')}</table>`
}
