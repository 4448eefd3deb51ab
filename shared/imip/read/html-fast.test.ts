import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { nestsDeeper } from './html-depth.ts'
import { sanitizePlainHtml } from './html-fast.ts'
import { HTML_DEPTH_MAX } from './limits.ts'
import { sanitizeBodyHtml, sanitizeByLibrary } from './sanitize-body-html.ts'

/** The whole language our writer may write: text without `<` or `>`, plain tags, three kinds of attributes. */
const SAFE =
  /^(?:[^<>]|<\/?[a-z][a-z0-9]*(?: href="(?:https?:\/\/|mailto:)[^"<> ]*"| (?:col|row)span="\d{1,4}")*(?: \/)?>)*$/i

const PIECES = [
  '<p>',
  '</p>',
  '<b>',
  '</b>',
  '<a href="https://example.com/?a=1&amp;b=2">',
  "<a href='mailto:a@example.com'>",
  '<a href=http://x/>',
  '</a>',
  '<a href="javascript:alert(1)">',
  '<a href="//example.com">',
  '<table><tr><td colspan="2">',
  '</td></tr></table>',
  '<td>',
  '</td>',
  '<tr>',
  '</tr>',
  '<div class="x" style="a:b">',
  '</div>',
  '<br>',
  '<br/>',
  '<hr />',
  '<img src=x onerror=alert(1)>',
  '<script>',
  '</script>',
  '<style>b{}</style>',
  '<!-- c -->',
  '<!--',
  '-->',
  '<!-->',
  '<title>t</title>',
  '<svg>',
  '<math>',
  '<textarea>',
  '</textarea>',
  '<li>',
  '</li>',
  '<ul>',
  '</ul>',
  '&amp;',
  '&lt;',
  '&nbsp;',
  '&#39;',
  '&#x27;',
  '&unknown;',
  '&',
  '<',
  '>',
  '"',
  "'",
  '=',
  '`',
  'text',
  ' ',
  '\n',
  '\0',
  '<o:p>',
  '</o:p>',
  '<h1>',
  '</h1>',
  '<p title="a>b">',
  "<p title='a\"b'>",
  '<p title="a"b">',
  '<p =x>',
  '<p/>',
  '<P>',
  '</P >',
  '<font color=red>',
  '</font>',
  '<body>',
  '<!doctype html>',
] as const

describe('the plain writer', () => {
  it.each([
    ['text', 'a & b > c', 'a &amp; b &gt; c'],
    ['kept tags without their styles', '<p class="x" style="y">a<br/>b</p>', '<p>a<br />b</p>'],
    ['dropped tags, kept words', '<font color=red>a</font>', 'a'],
    ['images', '<p><img src="https://example.com/t.gif"></p>', '<p></p>'],
    ['scripts, styles and titles with their words', '<title>t</title><style>p{}</style><script>x<y</script>a', 'a'],
    ['comments', 'a<!-- <b> -->b', 'ab'],
    [
      'web links',
      '<a href="https://example.com/?a=1&amp;b=2" target="_blank">x</a>',
      '<a href="https://example.com/?a=1&amp;b=2">x</a>',
    ],
    ['references', '&nbsp;&#39;&lt;b&gt;', "\u00a0'&lt;b&gt;"],
  ])('%s', (_name, html, expected) => {
    expect(sanitizePlainHtml(html)).toBe(expected)
  })

  it.each([
    ['an open tag', '<p>a'],
    ['a stray end', 'a</p>'],
    ['crossed tags', '<b><i></b></i>'],
    ['a paragraph that a table ends', '<p><table></table></p>'],
    ['a script link', '<a href="javascript:alert(1)">x</a>'],
    ['a relative link', '<a href="/x">x</a>'],
    ['foreign markup', '<svg></svg>'],
    ['a comment that browsers end early', '<!--> <b> -->'],
    ['a reference we do not know', '&rarr;'],
    ['a quote in the middle of a value', '<p title=a"b">x</p>'],
  ])('leaves %s to the library', (_name, html) => {
    expect(sanitizePlainHtml(html)).toBeUndefined()
  })

  it('answers as the library does, or not at all; and only in its own small language', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom(...PIECES), { maxLength: 12 }), async (pieces) => {
        const html = pieces.join('')
        const plain = sanitizePlainHtml(html)
        if (plain !== undefined) expect(plain).toBe(await sanitizeByLibrary(html))
        expect((await sanitizeBodyHtml(html)) ?? '').toMatch(SAFE)
      }),
      { numRuns: 3_000 },
    )
  })

  it('answers well-formed mail as the library does, always', async () => {
    const leaf = fc.constantFrom(
      'text',
      'a &amp; b',
      '<br>',
      '<img src="x" alt="y">',
      '&nbsp;',
      '<a href="https://example.com/">x</a>',
    )
    const { node } = fc.letrec<{ node: string }>((tie) => ({
      node: fc.oneof(
        { depthSize: 'small' },
        leaf,
        fc
          .tuple(
            fc.constantFrom('div', 'span', 'b', 'center', 'font', 'blockquote'),
            fc.array(tie('node'), { maxLength: 4 }),
          )
          .map(([tag, inner]) => `<${tag} style="x:y" class='z'>${inner.join('\n')}</${tag}>`),
      ),
    }))
    await fc.assert(
      fc.asyncProperty(node, async (html) => {
        expect(sanitizePlainHtml(html)).toBe(await sanitizeByLibrary(html))
      }),
      { numRuns: 500 },
    )
  })
})

describe('nesting', () => {
  it.each([
    ['divs', '<div>'.repeat(HTML_DEPTH_MAX + 1), true],
    ['divs at the limit', '<div>'.repeat(HTML_DEPTH_MAX), false],
    ['unclosed cells', '<td>x'.repeat(5_000), false],
    ['divs hidden behind false ends', '<div></b>'.repeat(HTML_DEPTH_MAX + 1), true],
    ['unclosed rows', '<tr><td>x<td>y'.repeat(5_000), false],
    ['paragraphs and items in turn', '<p><li>'.repeat(HTML_DEPTH_MAX + 1), true],
    ['closed divs', '<div></div>'.repeat(5_000), false],
  ])('%s', (_name, html, expected) => {
    expect(nestsDeeper(html, HTML_DEPTH_MAX)).toBe(expected)
  })

  it('a mail that nests too deep shows no HTML', async () => {
    expect(await sanitizeBodyHtml('<b>'.repeat(50_000))).toBeUndefined()
  })
})
