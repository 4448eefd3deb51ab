import type { LicenceFile, LicencePayload } from '#shared/contracts/licence-file.ts'
import type { Ctx } from '../context.ts'

/** What the vendor chose about licences. */
export type LicenceSettings = {
  /** From the end of the retries to suspension, 14 to 30: everything works, with a banner. */
  readonly graceDays: number
  /** So long after a payment the licensee may have all of it back by himself. */
  readonly refundDays: number
  /** Who of the vendor's people is told what no program can settle. */
  readonly vendorEmail: string
  /** What a year costs; shown in mails until Stripe has said what this licence pays. */
  readonly priceCents: number
  readonly currency: string
}

export type LicenceCtx = Ctx & { readonly licenceSettings: LicenceSettings }

/** Puts the vendor's name under a licence: its key never leaves the implementation. */
export interface LicenceSigner {
  sign(payload: LicencePayload): LicenceFile
}

export type SigningCtx = LicenceCtx & { readonly licenceSigner: LicenceSigner }
