/** Structure and emphasis only: no images (they track the reader), no styles (they hide text), no forms, no frames. */
export const ALLOWED_TAGS: ReadonlySet<string> = new Set(
  (
    'a b blockquote br center code dd div dl dt em h1 h2 h3 h4 h5 h6 hr i li ol p pre s small span strong sub sup ' +
    'table tbody td tfoot th thead tr u ul'
  ).split(' '),
)

/** Attributes kept, by tag; everything else goes. */
export const ALLOWED_ATTRIBUTES: Readonly<Record<string, readonly string[]>> = {
  a: ['href'],
  td: ['colspan', 'rowspan'],
  th: ['colspan', 'rowspan'],
}

/** Links that a mail may carry; relative ones would point into our own pages. */
export const ALLOWED_LINK = /^(?:https?:\/\/|mailto:)/i

/** Their content is no text for readers. */
export const DROPPED_WITH_CONTENT = ['script', 'style', 'textarea', 'option', 'noscript', 'title']

/** Elements that hold nothing, so a start tag opens no level. */
export const VOID_TAGS: ReadonlySet<string> = new Set(
  'area base basefont br col command embed frame hr img input isindex keygen link meta param source track wbr'.split(
    ' ',
  ),
)
