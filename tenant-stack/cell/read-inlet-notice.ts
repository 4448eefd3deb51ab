import { SesReceipt } from '#shared/contracts/ses-receipt.ts'
import { isSetupNotice } from '#shared/contracts/ses-setup.ts'

/** The receipt in a queued body; undefined when SES only tried the way. */
export function readInletNotice(body: string): SesReceipt | undefined {
  const value: unknown = JSON.parse(body)
  return isSetupNotice(value) ? undefined : SesReceipt.parse(value)
}
