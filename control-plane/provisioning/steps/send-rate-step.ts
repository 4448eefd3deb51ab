import type { SesAccountState } from '#control-plane/cloud/ses-account.ts'
import type { Facts } from '../run.ts'
import type { Step } from '../step.ts'

/** Mails a second that SES takes of the account and region (MaxSendRate), as the template wants it; nothing where SES says none. */
export function sendRateOf({ maxPerSecond }: SesAccountState): Facts {
  const whole = Math.floor(maxPerSecond)
  return whole > 0 ? { sendsPerSecond: String(whole) } : {}
}

/** AWS raises the rate of accounts as they grow: each update of a stack carries the one of its day. */
export const readSendRate: Step = {
  name: 'read_send_rate',
  sentence: 'We look how fast your domain may send.',
  vendorSentence: 'SES: the account’s sending rate is read.',
  async observe(work) {
    return { kind: 'done', resources: sendRateOf(await work.call('ses', (cloud) => cloud.sesAccount.read())) }
  },
}
