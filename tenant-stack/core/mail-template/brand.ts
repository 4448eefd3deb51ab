import * as z from 'zod'
import { defineFailures } from '#shared/errors/failure.ts'

/** How a tenant's mails look and speak; '' : not said. */
export const Brand = z.object({
  /** Name beside notices' address, and of the logo; '' : the domain. */
  productName: z.string(),
  /** https alone. */
  logoUrl: z.string(),
  /** `#rrggbb`. */
  accentColour: z.string(),
  /** Below every mail: the postal address that many laws ask for. */
  footerText: z.string(),
  supportAddress: z.string(),
  /** Who reads what is written in answer to a notice. */
  replyWords: z.string(),
  /** 0: never said. */
  version: z.number(),
})
export type Brand = z.infer<typeof Brand>

export const brandKey = { pk: 'brand', sk: 'current' } as const

/** What a tenant has who said nothing. */
export const SHIPPED_BRAND: Brand = {
  productName: '',
  logoUrl: '',
  accentColour: '#1d4ed8',
  footerText: '',
  supportAddress: '',
  replyWords: '',
  version: 0,
}

export const BrandFailure = defineFailures('brand', {
  low_contrast: { status: 422, retry: false },
  changed_meanwhile: { status: 412, retry: false },
})
