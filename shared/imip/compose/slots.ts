import type { CheckedRecipient } from './checked-recipient.ts'

/**
 * Where a mail's subject, text or HTML takes a value of the one attendee it goes to. The marks are Unicode noncharacters, meant
 * for a program's own use: no template language, and no honest text from outside, holds them. In HTML the value is escaped.
 */
export const inviteSlots = {
  /** The attendee's display name, or the address when there is none. */
  name: '\ufdd0name\ufdd1',
  address: '\ufdd0address\ufdd1',
  unsubscribeUrl: '\ufdd0unsubscribe_url\ufdd1',
  /** Of the page to answer at; `/yes`, `/no` and `/maybe` behind it choose there. */
  answerUrl: '\ufdd0answer_url\ufdd1',
  abuseUrl: '\ufdd0abuse_url\ufdd1',
} as const

export type SlotName = keyof typeof inviteSlots

/** Text cut at its slots: `texts` has one more entry than `slots`. */
export type SlottedText = { readonly texts: readonly string[]; readonly slots: readonly SlotName[] }

const SLOT_NAMES: readonly SlotName[] = ['name', 'address', 'unsubscribeUrl', 'answerUrl', 'abuseUrl']
const ANY_SLOT = /\ufdd0(?:name|address|unsubscribe_url|answer_url|abuse_url)\ufdd1/g

/** Marks that name no slot are dropped: they are no text. */
export function cutAtSlots(text: string): SlottedText {
  const found = text.match(ANY_SLOT) ?? []
  return {
    texts: text.split(ANY_SLOT).map((each) => each.replace(/[\ufdd0\ufdd1]/g, '')),
    slots: found.flatMap((mark) => SLOT_NAMES.find((name) => inviteSlots[name] === mark) ?? []),
  }
}

/** What a slot holds for one attendee; '' for a link that was not given. */
export function slotValue(slot: SlotName, { name, address, links }: CheckedRecipient): string {
  switch (slot) {
    case 'name':
      return name === '' ? address : name
    case 'address':
      return address
    case 'unsubscribeUrl':
      return links.unsubscribeUrl ?? ''
    case 'answerUrl':
      return links.answerUrl ?? ''
    case 'abuseUrl':
      return links.abuseUrl ?? ''
  }
}

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}
