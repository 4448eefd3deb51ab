import { createRoute, OpenAPIHono } from '@hono/zod-openapi'
import * as z from 'zod'
import { BrandBody, BrandView } from '#shared/contracts/brand-api.ts'
import type { Brand } from '#tenant-stack/core/mail-template/brand.ts'
import { changeBrand } from '#tenant-stack/core/mail-template/change-brand.ts'
import { textColourOn } from '#tenant-stack/core/mail-template/contrast.ts'
import { readBrand } from '#tenant-stack/core/mail-template/read-brand.ts'
import { requireScope } from '../authenticate.ts'
import type { ApiEnv } from '../env.ts'
import { etagOf, IF_MATCH, sequenceOf } from '../etag.ts'
import { changedMeanwhile, json, refusals } from '../responses.ts'
import { validated } from '../validated.ts'

const getBrand = createRoute({
  method: 'get',
  path: '/brand',
  operationId: 'getBrand',
  summary: 'How mails look and speak: name, logo, colour, footer',
  security: [{ key: ['templates:read'] }],
  middleware: [requireScope('templates:read')] as const,
  responses: { 200: json(BrandView, 'As it is now.'), ...refusals },
})

const putBrand = createRoute({
  method: 'put',
  path: '/brand',
  operationId: 'setBrand',
  summary: 'Say how mails look and speak; what is left out is as shipped',
  security: [{ key: ['templates:write'] }],
  middleware: [requireScope('templates:write')] as const,
  request: {
    headers: z.object({
      'if-match': z
        .string()
        .regex(IF_MATCH, 'must be one ETag as the brand was answered with, or *')
        .optional()
        .meta({ description: 'The ETag that the brand was read with: nothing is done when it is another by now.' }),
    }),
    body: { required: true, content: { 'application/json': { schema: BrandBody } } },
  },
  responses: {
    200: json(BrandView, 'As it is now; mails follow within ten seconds.'),
    ...refusals,
    ...changedMeanwhile,
  },
})

export const brand = new OpenAPIHono<ApiEnv>({ defaultHook: validated })
  .openapi(getBrand, async (c) => {
    const current = await readBrand(c.var.ctx)
    c.header('etag', etagOf({ sequence: current.version }))
    return c.json(brandView(current), 200)
  })
  .openapi(putBrand, async (c) => {
    const ifVersion = sequenceOf(c.req.valid('header')['if-match'])
    const changed = await changeBrand(c.var.ctx, { ...wantedOf(c.req.valid('json')), ifVersion })
    c.header('etag', etagOf({ sequence: changed.version }))
    return c.json(brandView(changed), 200)
  })

function wantedOf(body: z.infer<typeof BrandBody>) {
  const { accent_colour: accentColour } = body
  return {
    productName: body.product_name ?? '',
    logoUrl: body.logo_url ?? '',
    ...(accentColour === undefined ? {} : { accentColour: accentColour.toLowerCase() }),
    footerText: body.footer_text ?? '',
    supportAddress: body.support_address ?? '',
    replyWords: body.reply_words ?? '',
  }
}

function brandView(brand: Brand): z.infer<typeof BrandView> {
  const said = {
    product_name: brand.productName,
    logo_url: brand.logoUrl,
    footer_text: brand.footerText,
    support_address: brand.supportAddress,
    reply_words: brand.replyWords,
  }
  return BrandView.parse({
    ...Object.fromEntries(Object.entries(said).filter(([, value]) => value !== '')),
    accent_colour: brand.accentColour,
    accent_text_colour: textColourOn(brand.accentColour),
    version: brand.version,
  })
}
