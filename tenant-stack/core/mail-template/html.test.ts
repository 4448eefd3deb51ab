import { describe, expect, it } from 'vitest'
import { noticeText } from '../notice-mail/notice-text.ts'
import { SHIPPED_BRAND } from './brand.ts'
import { escapeHtml, textAsHtml } from './html.ts'

describe('the HTML of our mails', () => {
  it('escapes everything that could leave a text node or an attribute', () => {
    expect(escapeHtml(`<a href='x' title="y">&`)).toBe('&lt;a href=&#39;x&#39; title=&quot;y&quot;&gt;&amp;')
    expect(textAsHtml('a\r\nb\n<i>')).toBe('a<br>\nb<br>\n&lt;i&gt;')
  })

  it('lets no value of a notice become markup', () => {
    const evil = `"><img src=x onerror=alert(1)>`
    const { html } = noticeText(SHIPPED_BRAND, {
      subject: evil,
      title: evil,
      paragraphs: [evil],
      facts: [[evil, evil]],
      links: [[evil, evil]],
      footer: evil,
    })
    expect(html).not.toContain('<img')
    expect(html.match(/&lt;img/g)?.length).toBeGreaterThanOrEqual(7)
  })
})
