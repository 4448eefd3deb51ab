import { type Bomb, htmlMail, many, veventMail } from './bomb.ts'

export const htmlBombs: readonly Bomb[] = [
  {
    name: 'html-tags-nested-a-million-deep',
    mail: (scale) => htmlMail('<div>'.repeat(many(scale, 1_000_000, 5_000_000))),
  },
  {
    name: 'html-tables-nested-very-deep',
    mail: (scale) => htmlMail('<table><tr><td>'.repeat(many(scale, 100_000, 1_500_000))),
  },
  {
    name: 'html-formatting-that-crosses',
    mail: (scale) => htmlMail('<b><i></b></i>'.repeat(many(scale, 200_000, 1_500_000))),
  },
  {
    name: 'html-entities-by-the-million',
    mail: (scale) => htmlMail('&amp;&#x41;&notit;'.repeat(many(scale, 300_000, 1_500_000))),
  },
  {
    name: 'html-entities-without-end',
    mail: (scale) => htmlMail(`&${'#'.repeat(10)}x${'4'.repeat(many(scale, 3_000_000, 20_000_000))}`),
  },
  {
    name: 'html-attributes-by-the-hundred-thousand',
    mail: (scale) => {
      const attributes = Array.from({ length: many(scale, 200_000, 1_500_000) }, (_, index) => `a${index}="x"`)
      return htmlMail(`<p ${attributes.join(' ')}>x</p>`)
    },
  },
  { name: 'html-of-opening-angles', mail: (scale) => htmlMail('<'.repeat(many(scale, 5_000_000, 25_000_000))) },
  {
    name: 'html-comments-that-never-close',
    mail: (scale) => htmlMail('<!--'.repeat(many(scale, 1_000_000, 6_000_000))),
  },
  {
    name: 'html-scripts-that-never-close',
    mail: (scale) => htmlMail('<script><style><!--'.repeat(many(scale, 300_000, 1_500_000))),
  },
  {
    name: 'html-of-quotes-that-never-close',
    mail: (scale) => htmlMail(`<a href="${"x'".repeat(many(scale, 1_000_000, 10_000_000))}`),
  },
  {
    name: 'html-styles-with-nested-brackets',
    mail: (scale) => htmlMail(`<p style="${'a:url('.repeat(many(scale, 100_000, 3_000_000))}">x</p>`),
  },
  {
    name: 'html-links-of-every-scheme',
    mail: (scale) => htmlMail('<a href=" java\tscript:&#1;x">x</a>'.repeat(many(scale, 100_000, 800_000))),
  },
  {
    name: 'html-foreign-content-nested',
    mail: (scale) => htmlMail('<svg><math><mtext><table><mglyph><style>'.repeat(many(scale, 50_000, 500_000))),
  },
  {
    name: 'html-in-a-description-nested-very-deep',
    mail: (scale) => veventMail(`X-ALT-DESC;FMTTYPE=text/html:${'<div><b>'.repeat(many(scale, 500_000, 3_000_000))}`),
  },
  {
    name: 'html-in-a-plain-description',
    mail: (scale) => veventMail(`DESCRIPTION:<html>${'<p>&lt;'.repeat(many(scale, 500_000, 3_000_000))}`),
  },
]
