import type { Brand } from './brand.ts'
import { textColourOn } from './contrast.ts'
import { escapeHtml, textAsHtml } from './html.ts'
import { words } from './language.ts'
import { mailLayout } from './mail-layout.generated.ts'
import type { MailView } from './mail-view.ts'

type Said = Pick<MailView, 'title' | 'footers'> & Partial<Omit<MailView, 'title' | 'footers'>>

/** The HTML of one mail in the tenant's brand; what is not said is left out. */
export function mailHtml(brand: Brand, said: Said): string {
  return mailLayout({
    language: words.language,
    productName: brand.productName,
    logoUrl: brand.logoUrl,
    accent: brand.accentColour,
    accentText: textColourOn(brand.accentColour),
    lead: '',
    paragraphs: [],
    facts: [],
    bodyHtml: '',
    links: [],
    answers: [],
    ...said,
    footers: [...said.footers, ...(brand.footerText === '' ? [] : [textAsHtml(brand.footerText)])],
  })
}

/** Lines of the brand that end a notice: who reads an answer, and where help is. */
export function helpLines({ replyWords, supportAddress }: Brand): readonly string[] {
  return [
    ...(replyWords === '' ? [] : [replyWords]),
    ...(supportAddress === '' ? [] : [words.brand.support(supportAddress)]),
  ]
}

/** Lines of text as blocks of a footer. */
export function footersOf(lines: readonly string[]): readonly string[] {
  return lines.map(escapeHtml)
}
