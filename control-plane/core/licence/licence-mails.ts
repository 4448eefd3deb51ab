import type { PlannedMail } from '../control-mail/plan-control-mail.ts'
import type { Licensee } from '../licensee/licensee.ts'
import { DAY_MS, dayZeroOf, RETENTION_DAYS } from './calendar.ts'
import type { Licence } from './licence.ts'
import type { LicenceCtx } from './licence-context.ts'

type Words = { readonly subject: string; readonly paragraphs: readonly string[]; readonly isPayable?: true }

/** The mail of one kind of the calendar: once for each licence, paid period and kind. Throws for a kind that has no words. */
export function calendarMail(
  ctx: Pick<LicenceCtx, 'settings' | 'licenceSettings'>,
  input: { readonly licence: Licence; readonly licensee: Licensee; readonly kind: string },
): PlannedMail {
  const { licence, licensee, kind } = input
  const { publicUrl, vendorName } = ctx.settings
  const words = wordsOf(ctx, licence, kind)
  const page = `${publicUrl}/licences/${licence.licenceId}`
  const payUrl = licence.stripe?.latestInvoice?.hostedUrl
  return {
    mailKey: `licence:${licence.licenceId}:${licence.paidThrough ?? licence.periodEnd ?? 0}:${kind}`,
    to: licensee.billingEmail,
    parts: {
      subject: words.subject,
      paragraphs: words.paragraphs,
      links: [
        ...(words.isPayable === true && payUrl !== undefined ? [['Pay the invoice', payUrl] as const] : []),
        ['Licence', page],
      ],
      footer: `${vendorName}, licence of ${licence.domainName} for ${licensee.name}`,
    },
  }
}

function wordsOf(ctx: Pick<LicenceCtx, 'licenceSettings'>, licence: Licence, kind: string): Words {
  const name = licence.domainName
  const end = dateText(dayZeroOf(licence) ?? 0)
  const amount = amountText(ctx, licence)
  const goes = dateText((licence.suspendedAt ?? 0) + RETENTION_DAYS * DAY_MS)
  const [group = ''] = /^[a-z_]*[a-z]/.exec(kind) ?? []
  switch (group) {
    case 'renewal':
      return {
        subject: `The licence of ${name} renews on ${end}`,
        paragraphs: [
          licence.stripe?.collectionMethod === 'send_invoice'
            ? `On ${end} the licence of ${name} renews for another year. You will be sent an invoice of ${amount}, plus tax where it is due.`
            : `On ${end} the licence of ${name} renews for another year, and ${amount}, plus tax where it is due, is charged to your payment method${cardText(licence)}.`,
          'You can change how you pay, or cancel so that it does not renew, on the page of the licence at any time before that day.',
        ],
      }
    case 'lapse_warned':
      return {
        subject: `${name} is kept for you until ${dateText(licence.lapsesAt ?? 0)}`,
        paragraphs: [
          `You claimed ${name} and have not paid its licence yet. Until ${dateText(licence.lapsesAt ?? 0)} the name is kept for you; after that anybody may claim it. To keep it, pay on the page of the licence, or ask us for an invoice.`,
        ],
      }
    case 'claim_lapsed':
      return {
        subject: `${name} is no longer kept for you`,
        paragraphs: [
          `The licence of ${name} was not paid, so the name is free again and nothing was charged. As long as nobody else has claimed it, you can add it anew.`,
        ],
      }
    case 'term':
      return {
        subject: `The licence of ${name} ends on ${end}`,
        paragraphs: [
          `The licence of ${name} was given without charge until ${end}. To go on, buy a licence on its page before then.`,
        ],
      }
    case 'card_expires':
      return {
        subject: `The card for ${name} expires before the renewal`,
        paragraphs: [
          `The licence of ${name} renews on ${end}, but your card${cardText(licence)} expires before that. Please enter a new one on the page of the licence.`,
        ],
      }
    case 'ends':
      return {
        subject: `The licence of ${name} ends on ${end}, as you asked`,
        paragraphs: [
          `You cancelled the licence of ${name}. It works until ${end} and is not charged again. Until then you can undo this on its page.`,
        ],
      }
    case 'past_due':
      return pastDueWords(licence, { name, end, amount })
    case 'grace':
      return graceWords(licence, name)
    case 'suspended':
      return licence.isCancelScheduled
        ? {
            subject: `The licence of ${name} has ended, as you asked`,
            paragraphs: [
              `The licence of ${name} was cancelled and has ended. Mail to it is still received and kept until ${goes}; you can export everything, or buy the licence again, until then.`,
            ],
          }
        : {
            subject: `${name} is suspended until it is paid`,
            paragraphs: [
              `The licence of ${name} is unpaid and now suspended: nothing is sent and nobody can register, but mail is still received and kept. It goes on as before as soon as it is paid; without that, its data is removed after ${goes}.`,
            ],
            isPayable: true,
          }
    case 'suspended_last_call':
    case 'refunded_last_call':
      return {
        subject: `The data of ${name} is removed after ${goes}`,
        paragraphs: [`The licence of ${name} is not paid. Please export what you want to keep, or buy it, by ${goes}.`],
      }
    case 'refunded':
      return {
        subject: `The payment for ${name} was returned`,
        paragraphs: [
          `The payment for the licence of ${name} was returned, so the licence has ended. Everything is kept until ${goes}; you can export it until then.`,
        ],
      }
    case 'expired':
      return {
        subject: `The licence of ${name} has expired`,
        paragraphs: [`The licence of ${name} has expired, and its data is being removed. It can be bought again.`],
      }
    default:
      throw new Error(`there are no words for the mail ${kind}`)
  }
}

/** An invoice that was sent may not be due yet, although the year it is for has begun. */
function pastDueWords(
  { stripe }: Licence,
  { name, end, amount }: { readonly name: string; readonly end: string; readonly amount: string },
): Words {
  const isInvoiced = stripe?.collectionMethod === 'send_invoice'
  return {
    subject: isInvoiced ? `The invoice for ${name} is not paid yet` : `The payment for ${name} is overdue`,
    paragraphs: [
      isInvoiced
        ? `The licence of ${name} was paid until ${end}. We have sent you an invoice of ${amount} for the next year and have not received the payment yet. Everything works meanwhile.`
        : `The licence of ${name} was paid until ${end}, and the payment of ${amount} for the next year has not arrived. Everything still works; please pay the invoice or enter another payment method.`,
    ],
    isPayable: true,
  }
}

function graceWords({ billing, graceUntil = 0 }: Licence, name: string): Words {
  const until = dateText(graceUntil)
  if (billing === 'complimentary')
    return {
      subject: `The licence of ${name} has ended and works until ${until}`,
      paragraphs: [`The licence of ${name} that was given without charge has ended. Please buy one by ${until}.`],
    }
  return {
    subject: `${name} will be suspended on ${until}`,
    paragraphs: [
      `We could not collect the payment for the licence of ${name}. Everything works until ${until}; please pay the invoice by then.`,
    ],
    isPayable: true,
  }
}

function cardText({ stripe }: Licence): string {
  return stripe?.paymentMethod === undefined
    ? ''
    : ` (${stripe.paymentMethod.brand} ending in ${stripe.paymentMethod.last4})`
}

function amountText({ licenceSettings }: Pick<LicenceCtx, 'licenceSettings'>, { stripe }: Licence): string {
  const cents = stripe?.unitAmountCents ?? licenceSettings.priceCents
  return `${(stripe?.currency ?? licenceSettings.currency).toUpperCase()} ${(cents / 100).toFixed(2)}`
}

/** `2028-02-29`: unmistakable in every country. */
function dateText(epochMs: number): string {
  return new Date(epochMs).toISOString().slice(0, 10)
}
