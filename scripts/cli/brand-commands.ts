import type * as z from 'zod'
import { BrandView } from '#shared/contracts/brand-api.ts'
import { CliFailure } from './cli-failure.ts'
import type { TenantCommand } from './command.ts'

function textOf(brand: z.infer<typeof BrandView>): string {
  return [
    `name      ${brand.product_name ?? '(the domain)'}`,
    `logo      ${brand.logo_url ?? '(none)'}`,
    `accent    ${brand.accent_colour}, its text ${brand.accent_text_colour}`,
    `footer    ${brand.footer_text ?? '(none)'}`,
    `support   ${brand.support_address ?? '(none)'}`,
    `replies   ${brand.reply_words ?? '(nothing said)'}`,
    `version   ${brand.version}`,
  ].join('\n')
}

const show: TenantCommand = {
  noun: 'brand',
  verb: 'show',
  summary: 'See how mails look and speak',
  positionals: [],
  options: {},
  async run(product) {
    const brand = BrandView.parse(await product.api('/brand'))
    return { text: textOf(brand), json: brand }
  },
}

const set: TenantCommand = {
  noun: 'brand',
  verb: 'set',
  summary: 'Say how mails look and speak; what is not named stays, an empty value takes it away',
  positionals: [],
  options: {
    name: { value: 'TEXT', help: 'Name that notices are from' },
    logo: { value: 'URL', help: 'https alone; shown 40 pixels high' },
    accent: { value: 'COLOUR', help: 'Of buttons, as #rrggbb' },
    footer: { value: 'TEXT', help: 'Below every mail, for example the postal address' },
    support: { value: 'ADDRESS', help: 'Where help is' },
    replies: { value: 'TEXT', help: 'In notices: who reads an answer to them' },
  },
  async run(product, { options }) {
    const named = {
      product_name: options.name,
      logo_url: options.logo,
      accent_colour: options.accent,
      footer_text: options.footer,
      support_address: options.support,
      reply_words: options.replies,
    }
    const given = Object.entries(named).filter(([, value]) => value !== undefined)
    if (given.length === 0)
      throw CliFailure.usage('name at least one of --name, --logo, --accent, --footer, --support, --replies')
    const { version, accent_text_colour: _chosen, ...before } = BrandView.parse(await product.api('/brand'))
    const body = Object.fromEntries(
      Object.entries({ ...before, ...Object.fromEntries(given) }).filter(([, value]) => value !== ''),
    )
    // Made from what was read a moment ago: who changed it since then is not overwritten.
    const headers = { 'if-match': `"${version}"` }
    const brand = BrandView.parse(await product.api('/brand', { method: 'PUT', headers, body }))
    return { text: textOf(brand), json: brand }
  },
}

/** How the tenant's mails look and speak. */
export const brandCommands: readonly TenantCommand[] = [show, set]
