import * as z from 'zod'

const CONTROLS = /[\p{Cc}\p{Zl}\p{Zp}]/u

/** One line of a mail's own words. */
const line = (max: number) =>
  z
    .string()
    .trim()
    .max(max)
    .refine((text) => !CONTROLS.test(text), 'must be one line without control characters')

/** Some lines of a mail's own words. */
const block = (max: number) =>
  z
    .string()
    .trim()
    .max(max)
    .refine((text) => !CONTROLS.test(text.replaceAll(/\r?\n/g, '')), 'must not hold control characters')

/** A PUT says all: what is left out is as it was shipped. */
export const BrandBody = z
  .object({
    product_name: line(60).optional().meta({ description: 'Name that notices are from; the domain when left out.' }),
    logo_url: z
      .url({ protocol: /^https$/ })
      .max(500)
      .optional()
      .meta({ description: 'https alone; shown 40 pixels high.' }),
    accent_colour: z
      .string()
      .regex(/^#[0-9a-fA-F]{6}$/, 'must be a colour as #rrggbb')
      .optional()
      .meta({ description: 'Of buttons: at least 3 to 1 against white. The colour of their text is chosen by it.' }),
    footer_text: block(500).optional().meta({ description: 'Below every mail, for example the postal address.' }),
    support_address: z.email().max(254).optional(),
    reply_words: line(200).optional().meta({ description: 'In notices: who reads an answer to them.' }),
  })
  .strict()
  .meta({ id: 'BrandBody' })

export const BrandView = z
  .object({
    product_name: z.string().optional(),
    logo_url: z.string().optional(),
    accent_colour: z.string(),
    accent_text_colour: z.string().meta({ description: 'Chosen by us, so that it can be read on the accent.' }),
    footer_text: z.string().optional(),
    support_address: z.string().optional(),
    reply_words: z.string().optional(),
    version: z.number().meta({ description: '0: nothing was ever said. The ETag is the same number.' }),
  })
  .meta({ id: 'Brand' })
