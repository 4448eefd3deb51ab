import { readFileSync } from 'node:fs'
import mjml2html from 'mjml'

const folder = new URL('../../tenant-stack/core/mail-template/', import.meta.url)
const source = new URL('mail.mjml', folder)

/** What `npm run templates` writes and the product reads. */
export const compiledFile = new URL('mail-layout.generated.ts', folder)

/** MJML holds colours of its own type alone: these two stand for the tenant's. */
const COLOURS = { '#ac0001': '{{accent}}', '#ac0002': '{{accentText}}' } as const

const HEAD = `// Made from mail.mjml by \`npm run templates\`; a test compares.
import { escapeHtml } from './html.ts'
import type { MailView } from './mail-view.ts'

/** The HTML of a mail; every value is escaped here, but for those named HTML. */
export function mailLayout(view: MailView): string {
  return [
`

const FOOT = `  ].join('')
}
`

const TAG = /(\{\{\{[.\w]+\}\}\}|\{\{[.\w]+\}\}|\{\{#(?:if|each) \w+\}\}|\{\{\/(?:if|each)\}\})/

/** The module of the layout as TypeScript: MJML made to HTML, its tags to code. Throws where the MJML or a tag is wrong. */
export async function compileTemplate(): Promise<string> {
  // No web font: a mail loads nothing from elsewhere.
  const { html } = await mjml2html(readFileSync(source, 'utf8'), { validationLevel: 'strict', fonts: {} })
  const lines = html.split('\n').map((line) => line.trim())
  let text = lines.filter((line) => line !== '').join('\n')
  for (const [colour, tag] of Object.entries(COLOURS)) text = text.replaceAll(colour, tag)
  return HEAD + codeOf(text) + FOOT
}

function codeOf(text: string): string {
  const open: string[] = []
  const code = text.split(TAG).map((piece) => {
    const indent = '  '.repeat(2 + open.length)
    const [, block = '', list = ''] = /^\{\{#(if|each) (\w+)\}\}$/.exec(piece) ?? []
    if (block !== '') {
      open.push(block)
      return block === 'if'
        ? `${indent}...(view.${list}.length === 0 ? [] : [\n`
        : `${indent}...view.${list}.flatMap((each) => [\n`
    }
    const [, closed = ''] = /^\{\{\/(if|each)\}\}$/.exec(piece) ?? []
    if (closed !== '') {
      if (open.pop() !== closed) throw new Error(`{{/${closed}}} closes another block`)
      return `${indent.slice(2)}]),\n`
    }
    const [, raw = ''] = /^\{\{\{([.\w]+)\}\}\}$/.exec(piece) ?? []
    if (raw !== '') return `${indent}${nameOf(raw)},\n`
    const [, escaped = ''] = /^\{\{([.\w]+)\}\}$/.exec(piece) ?? []
    if (escaped !== '') return `${indent}escapeHtml(${nameOf(escaped)}),\n`
    if (piece.includes('{{')) throw new Error(`unknown tag in: ${piece}`)
    return piece === '' ? '' : `${indent}${JSON.stringify(piece)},\n`
  })
  if (open.length > 0) throw new Error(`{{#${open.join()}}} is not closed`)
  return code.join('')
}

/** `.` and `.name` are of the list around them. */
function nameOf(name: string): string {
  if (name === '.') return 'each'
  return name.startsWith('.') ? `each${name}` : `view.${name}`
}
